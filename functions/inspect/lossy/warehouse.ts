/** Redshift, relational databases and the Glue catalogue. */
import {
  becomes,
  changed,
  elementsGone,
  lowered,
  removed,
  shortened,
  swapped,
  switchedOff,
  switchedOn,
} from "./comparison";
import { loses, type LossyTable, opens, unshields } from "./rule";

const CLUSTER = "AWS::Redshift::Cluster";
const PULUMI_CLUSTER = "aws:redshift/cluster:Cluster";
const NAMESPACE = "AWS::RedshiftServerless::Namespace";
const WORKGROUP = "AWS::RedshiftServerless::Workgroup";
const PULUMI_WORKGROUP = "aws:redshiftserverless/workgroup:Workgroup";

const SMALLER = "what does not fit is refused, and queries wait";
const FITS = "make sure that data and load fit, and take a snapshot first";

export const REDSHIFT: LossyTable = {
  source: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html",
  rules: [
    loses([`${CLUSTER} NumberOfNodes`, `${PULUMI_CLUSTER} numberOfNodes`], lowered(1), SMALLER, FITS),
    loses(
      [`${CLUSTER} NodeType`, `${PULUMI_CLUSTER} nodeType`],
      swapped(),
      "the cluster is rebuilt from a snapshot on other nodes, which may be smaller",
      FITS,
    ),
    loses(
      [`${CLUSTER} ClusterType`, `${PULUMI_CLUSTER} clusterType`],
      becomes("single-node"),
      "one failed node takes the data with it",
      "keep two nodes or more",
    ),
    loses([`${WORKGROUP} BaseCapacity`, `${PULUMI_WORKGROUP} baseCapacity`], lowered(128), SMALLER, FITS),
    unshields(
      [`${CLUSTER} AutomatedSnapshotRetentionPeriod`, `${PULUMI_CLUSTER} automatedSnapshotRetentionPeriod`],
      lowered(1),
      "older snapshots are deleted at once",
    ),
    unshields(
      [`${CLUSTER} ManualSnapshotRetentionPeriod`, `${PULUMI_CLUSTER} manualSnapshotRetentionPeriod`],
      shortened(-1),
      "snapshots expire that would have stayed",
    ),
    unshields(
      [`${CLUSTER} SnapshotCopyConfiguration`],
      removed(),
      "snapshots are no longer copied to the other region",
    ),
    unshields(
      [`${CLUSTER} Encrypted`, `${PULUMI_CLUSTER} encrypted`],
      switchedOff(true),
      "data is stored without encryption",
    ),
    unshields([`${PULUMI_CLUSTER} skipFinalSnapshot`], switchedOn(), "deleting it leaves nothing to restore"),
    unshields(
      [`${NAMESPACE} FinalSnapshotName`, `${NAMESPACE} FinalSnapshotRetentionPeriod`],
      swapped(),
      "deleting it leaves less to restore",
    ),
    opens(
      [
        `${CLUSTER} PubliclyAccessible`,
        `${PULUMI_CLUSTER} publiclyAccessible`,
        `${WORKGROUP} PubliclyAccessible`,
        `${PULUMI_WORKGROUP} publiclyAccessible`,
      ],
      switchedOn(),
      "it can be reached from the internet",
    ),
  ],
};

const INSTANCE = "AWS::RDS::DBInstance";
const DB_CLUSTER = "AWS::RDS::DBCluster";
const PULUMI_INSTANCE = "aws:rds/instance:Instance";
const PULUMI_DB_CLUSTER = "aws:rds/cluster:Cluster";

export const RDS: LossyTable = {
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html",
  rules: [
    loses([`${INSTANCE} AllocatedStorage`, `${PULUMI_INSTANCE} allocatedStorage`], lowered(), SMALLER, FITS),
    loses(
      [`${INSTANCE} DBInstanceClass`, `${PULUMI_INSTANCE} instanceClass`],
      swapped(),
      "it restarts on another class of machine, which may be smaller",
      FITS,
    ),
    loses(
      [`${INSTANCE} MultiAZ`, `${PULUMI_INSTANCE} multiAz`],
      switchedOff(),
      "no standby takes over when it fails",
      "keep the standby",
    ),
    unshields(
      [
        `${INSTANCE} BackupRetentionPeriod`,
        `${DB_CLUSTER} BackupRetentionPeriod`,
        `${PULUMI_INSTANCE} backupRetentionPeriod`,
        `${PULUMI_DB_CLUSTER} backupRetentionPeriod`,
      ],
      lowered(1),
      "older backups are deleted at once",
    ),
    unshields(
      [
        `${INSTANCE} DeletionProtection`,
        `${DB_CLUSTER} DeletionProtection`,
        `${PULUMI_INSTANCE} deletionProtection`,
        `${PULUMI_DB_CLUSTER} deletionProtection`,
      ],
      switchedOff(),
      "it can be deleted",
    ),
    unshields(
      [`${PULUMI_INSTANCE} skipFinalSnapshot`, `${PULUMI_DB_CLUSTER} skipFinalSnapshot`],
      switchedOn(),
      "deleting it leaves nothing to restore",
    ),
    unshields(
      [
        `${INSTANCE} DeleteAutomatedBackups`,
        `${PULUMI_INSTANCE} deleteAutomatedBackups`,
        `${PULUMI_DB_CLUSTER} deleteAutomatedBackups`,
      ],
      switchedOn(true),
      "its backups go with it",
    ),
    unshields(
      [`${INSTANCE} StorageEncrypted`, `${DB_CLUSTER} StorageEncrypted`, `${PULUMI_INSTANCE} storageEncrypted`],
      switchedOff(),
      "data is stored without encryption",
    ),
    opens(
      [`${INSTANCE} PubliclyAccessible`, `${DB_CLUSTER} PubliclyAccessible`, `${PULUMI_INSTANCE} publiclyAccessible`],
      switchedOn(),
      "it can be reached from the internet",
    ),
  ],
};

const GLUE_TABLE = "AWS::Glue::Table";
const PULUMI_GLUE_TABLE = "aws:glue/catalogTable:CatalogTable";

export const GLUE: LossyTable = {
  source: "https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html",
  rules: [
    loses(
      [`${GLUE_TABLE} TableInput.StorageDescriptor.Columns`, `${PULUMI_GLUE_TABLE} storageDescriptor.columns`],
      elementsGone("Name", "name", "Type", "type"),
      "queries no longer find these columns, or read them as another type",
      "add columns, and leave old ones until nothing reads them",
    ),
    loses(
      [`${GLUE_TABLE} TableInput.PartitionKeys`, `${PULUMI_GLUE_TABLE} partitionKeys`],
      changed(),
      "every partition must be registered again",
      "make a second table over the same files",
    ),
    loses(
      [`${GLUE_TABLE} TableInput.StorageDescriptor.Location`, `${PULUMI_GLUE_TABLE} storageDescriptor.location`],
      swapped(),
      "queries read other files",
      "make a second table over the new place",
    ),
    loses(
      [
        "AWS::Glue::Crawler SchemaChangePolicy.DeleteBehavior",
        "aws:glue/crawler:Crawler schemaChangePolicy.deleteBehavior",
      ],
      becomes("DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"),
      "tables vanish from the catalogue whose files it does not find",
      "keep DEPRECATE_IN_DATABASE",
    ),
    loses(
      ["AWS::Glue::Schema Compatibility", "aws:glue/schema:Schema compatibility"],
      becomes("NONE"),
      "versions that old readers cannot read are let in",
      "keep a compatibility",
    ),
  ],
};
