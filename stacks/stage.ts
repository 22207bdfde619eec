/**
 * A stage as data: everything in which one deployment of the platform may differ from another. Read from configuration,
 * with every problem in one message and the command that mends each.
 */
import type { Durability, RoleConvention } from "../infra/core/foundation";
import { FOREST_SAMPLES, FOREST_TREES, STREAM_RETENTION, STREAM_SHARDS, TUMBLING_WINDOW } from "../infra/core/limits";
import { parseDuration, seconds, type Duration } from "../infra/core/units";
import type { GivenNetwork } from "../infra/network/network";
import type { DetectorArgs } from "../infra/realtime/ctr-anomaly";
import type { StreamCapacity } from "../infra/store/event-stream";
import { StageConfigurationError } from "./configuration-error";
import { releaseSetting, type ReleaseSettings } from "./release-settings";
import { amount, choice, duration, email, flag, list, origin, pattern, Secret, type Setting } from "./setting";

/** Configuration as the engine gives it: names with their namespace, every value as text. */
export interface StageConfiguration {
  readonly values: Readonly<Record<string, string>>;
  /** Names of the values that are kept encrypted. */
  readonly secretKeys: readonly string[];
}

export interface Stage {
  readonly name: string;
  readonly region: string;
  readonly durability: Durability;
  readonly roles: RoleConvention;
  readonly alertEmail: string;
  readonly alertPhone: Secret | undefined;
  readonly opsEmail: string;
  readonly inputCapacity: StreamCapacity;
  readonly streamRetention: Duration;
  readonly lakeRetention: Duration | undefined;
  readonly logRetention: Duration;
  readonly detector: DetectorArgs;
  readonly beacons: {
    readonly rateLimit: number;
    readonly burstLimit: number;
    readonly allowedOrigin: string;
    readonly requestsPerAddress: number | undefined;
  };
  readonly producer: { readonly account: string | undefined; readonly externalId: string; readonly user: boolean };
  readonly dataGenerator: { readonly userName: string; readonly password: Secret } | undefined;
  readonly network: { readonly availabilityZones: number; readonly given: GivenNetwork | undefined };
  /** Only of the stack that releases the others. */
  readonly release: ReleaseSettings | undefined;
}

/** The project's namespace. */
export const NAMESPACE = "clickstream";

const LEAST_KEPT_RETENTION: Duration = "7 days";

/** Every key of the project, how it is checked, and an example of a good value. */
export const SETTINGS = {
  alertEmail: email("alerts@example.com"),
  alertPhone: pattern(/^\+[1-9]\d{6,14}$/, "a phone number in international form", "+15550100000")
    .secret()
    .optional(),
  opsEmail: email("operators@example.com").optional(),
  kept: flag(),
  permissionsBoundary: pattern(
    /^arn:aws[a-z-]*:iam::\d{12}:policy\/\S+$/,
    "the ARN of a policy",
    "arn:aws:iam::123456789012:policy/boundary",
  ).optional(),
  rolePrefix: pattern(/^[A-Za-z0-9+=,.@_-]{1,12}$/, "1..12 characters that a role's name may have", "team-").optional(),
  inputShards: amount({ ...STREAM_SHARDS, whole: true }, 2).or("on-demand"),
  streamRetention: duration(STREAM_RETENTION, "7 days"),
  lakeRetention: duration({ least: "1 day", most: "3650 days" }, "365 days").optional(),
  logRetention: choice(["1 day", "7 days", "30 days", "90 days", "365 days"] as const),
  windowLength: duration(TUMBLING_WINDOW, "10 seconds"),
  anomalyCutoff: amount({ least: 0.1, most: 10 }, 2),
  anomalyRules: list(
    /^(cutoff|repeated|adaptive)$/,
    "rules out of cutoff, repeated, adaptive, separated by commas",
    "cutoff",
  ),
  anomalyTrees: amount({ ...FOREST_TREES, whole: true }, 100),
  anomalySamples: amount({ ...FOREST_SAMPLES, whole: true }, 12),
  anomalyTimeDecay: amount({ least: 11, most: 2 ** 31 - 1, whole: true }, 100_000),
  silenceAfter: duration({ least: "2 seconds", most: "1 day" }, "60 seconds"),
  retryHorizon: duration({ least: "1 second", most: "1 hour" }, "5 minutes"),
  beaconRate: amount({ least: 1, most: 10_000, whole: true }, 1000),
  beaconBurst: amount({ least: 1, most: 5000, whole: true }, 2000),
  beaconOrigin: origin(),
  beaconsPerAddress: amount({ least: 10, most: 2_000_000_000, whole: true }, 100_000).or("unlimited"),
  producerExternalId: pattern(/^[\w+=,.@:/-]{2,1224}$/, "2..1224 letters, digits or _+=,.@:/-", "partner-42"),
  producerAccount: pattern(/^\d{12}$/, "the twelve digits of an account", "123456789012").optional(),
  producerUser: flag(),
  dataGenerator: flag(),
  dataGeneratorUser: pattern(/^\S{1,128}$/, "1..128 characters without spaces", "generator"),
  dataGeneratorPassword: pattern(
    /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{12,256}$/,
    "12..256 characters with a lower-case and a capital letter and a digit",
    "Sample-traffic-1",
  )
    .secret()
    .optional(),
  availabilityZones: amount({ least: 1, most: 6, whole: true }, 2),
  vpcId: pattern(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC", "vpc-0123456789abcdef0").optional(),
  privateSubnetIds: list(
    /^subnet-[0-9a-f]{8,17}$/,
    "ids of subnets, separated by commas",
    "subnet-0123456789abcdef0",
  ).optional(),
  release: releaseSetting.optional(),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof SETTINGS;

type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** @throws StageConfigurationError with every problem of the configuration */
export function readStage(name: string, configuration: StageConfiguration): Stage {
  const problems: string[] = [];
  const region = configuration.values["aws:region"];
  if (region === undefined)
    problems.push(
      `stage ${name}: aws:region is missing; set it with: pulumi config set aws:region eu-west-1 --stack ${name}`,
    );

  const settings = readSettings(name, configuration, problems);
  if (problems.length === 0) checkTogether(name, settings, problems);
  if (problems.length > 0) throw new StageConfigurationError(problems.join("\n"));
  return assemble(name, region ?? "", settings);
}

function readSettings(stage: string, { values, secretKeys }: StageConfiguration, problems: string[]): Settings {
  const prefix = `${NAMESPACE}:`;
  for (const key of Object.keys(values).filter((each) => each.startsWith(prefix))) {
    const name = key.slice(prefix.length);
    if (name in SETTINGS) continue;
    problems.push(
      `stage ${stage}: ${name} is no key of this project (${Object.keys(SETTINGS).join(", ")}); remove it with: pulumi config rm ${name} --stack ${stage}`,
    );
  }
  const read = Object.entries(SETTINGS).map(([name, setting]: [string, Setting<unknown>]) => {
    const written = values[prefix + name];
    const result = setting.read(written === "" ? undefined : written, secretKeys.includes(prefix + name));
    if ("problem" in result) problems.push(complaint(stage, name, setting, result.problem));
    return [name, "value" in result ? result.value : undefined];
  });
  return Object.fromEntries(read) as Settings;
}

/** @param good a value that would be right, where the setting's example is not */
function complaint(
  stage: string,
  name: string,
  setting: Setting<unknown>,
  problem: string,
  good = setting.example,
): string {
  const command = `pulumi config set ${setting.isSecret ? "--secret " : ""}${name} "${good}" --stack ${stage}`;
  return `stage ${stage}: ${name} ${problem}; set it with: ${command}`;
}

/** Laws that hold between keys. */
function checkTogether(stage: string, settings: Settings, problems: string[]): void {
  const expect = (holds: boolean, name: SettingName, problem: string, good?: string): void => {
    if (!holds) problems.push(complaint(stage, name, SETTINGS[name], problem, good));
  };
  const {
    kept,
    streamRetention,
    anomalyTimeDecay,
    anomalySamples,
    silenceAfter,
    windowLength,
    retryHorizon,
    vpcId,
    privateSubnetIds,
  } = settings;
  expect(
    !kept || seconds(streamRetention) >= seconds(LEAST_KEPT_RETENTION),
    "streamRetention",
    `must be at least "${LEAST_KEPT_RETENTION}" where state is kept, got "${streamRetention}"`,
    LEAST_KEPT_RETENTION,
  );
  expect(
    anomalyTimeDecay > anomalySamples,
    "anomalyTimeDecay",
    `must be more than anomalySamples (${anomalySamples}), got "${anomalyTimeDecay}"`,
  );
  const twoWindows = `${2 * (parseDuration(windowLength) ?? 0)} seconds`;
  expect(
    seconds(silenceAfter) >= 2 * seconds(windowLength),
    "silenceAfter",
    `must be at least two windows ("${twoWindows}"), got "${silenceAfter}"`,
    twoWindows,
  );
  expect(
    seconds(retryHorizon) >= seconds(windowLength),
    "retryHorizon",
    `must be at least one window ("${windowLength}"), got "${retryHorizon}"`,
    windowLength,
  );
  expect(
    vpcId === undefined || privateSubnetIds !== undefined,
    "privateSubnetIds",
    "must name subnets of the VPC in vpcId, got nothing",
  );
  expect(
    privateSubnetIds === undefined || vpcId !== undefined,
    "vpcId",
    "must name the VPC of privateSubnetIds, got nothing",
  );
  expect(
    !settings.dataGenerator || settings.dataGeneratorPassword !== undefined,
    "dataGeneratorPassword",
    "must be given where dataGenerator is on, got nothing",
  );
  const { release, rolePrefix = "" } = settings;
  expect(
    release === undefined || !rolePrefix.startsWith(release.rolePrefix),
    "rolePrefix",
    `must not begin with ${release?.rolePrefix}, as the roles of the stages it releases do: no release may change what releases it; got "${rolePrefix}"`,
    "release-",
  );
}

function assemble(name: string, region: string, settings: Settings): Stage {
  const { vpcId, privateSubnetIds, permissionsBoundary, rolePrefix, dataGeneratorPassword, alertPhone } = settings;
  return {
    name,
    region,
    durability: settings.kept ? "kept" : "disposable",
    roles: {
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
      ...(rolePrefix === undefined ? {} : { namePrefix: rolePrefix }),
    },
    alertEmail: settings.alertEmail,
    alertPhone: alertPhone === undefined ? undefined : new Secret(alertPhone),
    opsEmail: settings.opsEmail ?? settings.alertEmail,
    inputCapacity: settings.inputShards,
    streamRetention: settings.streamRetention,
    lakeRetention: settings.lakeRetention,
    logRetention: settings.logRetention,
    detector: {
      window: settings.windowLength,
      cutoff: settings.anomalyCutoff,
      rules: settings.anomalyRules as DetectorArgs["rules"],
      trees: settings.anomalyTrees,
      samples: settings.anomalySamples,
      timeDecay: settings.anomalyTimeDecay,
      retryHorizon: settings.retryHorizon,
      silence: settings.silenceAfter,
    },
    beacons: {
      rateLimit: settings.beaconRate,
      burstLimit: settings.beaconBurst,
      allowedOrigin: settings.beaconOrigin,
      requestsPerAddress: settings.beaconsPerAddress === "unlimited" ? undefined : settings.beaconsPerAddress,
    },
    producer: {
      account: settings.producerAccount,
      externalId: settings.producerExternalId,
      user: settings.producerUser,
    },
    dataGenerator:
      settings.dataGenerator && dataGeneratorPassword !== undefined
        ? { userName: settings.dataGeneratorUser, password: new Secret(dataGeneratorPassword) }
        : undefined,
    network: {
      availabilityZones: settings.availabilityZones,
      given: vpcId === undefined || privateSubnetIds === undefined ? undefined : { vpcId, subnetIds: privateSubnetIds },
    },
    release: settings.release,
  };
}
