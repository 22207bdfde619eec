"""Asks moto, which enforces IAM when it is told to, what the holder of each document may do.

Standard input: {"documents": {name: policy document}}. Output: {name: {action: allowed}}.
Argument: endpoint. What a call needs need not be there: whether it is denied is decided before.
"""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
REGION = "eu-west-1"
# moto denies in XML whatever a service speaks, so that clients of JSON services find no code: the status tells.
DENIED = 403

KEY = {"site": {"S": "shop"}, "hour": {"N": "1"}}
CALLS = {
    "kinesis:PutRecord": lambda aws: aws("kinesis").put_record(StreamName="clicks", Data=b"x", PartitionKey="a"),
    "kinesis:GetShardIterator": lambda aws: aws("kinesis").get_shard_iterator(
        StreamName="clicks", ShardId="shardId-000000000000", ShardIteratorType="LATEST"
    ),
    "kinesis:ListShards": lambda aws: aws("kinesis").list_shards(StreamName="clicks"),
    "kinesis:DescribeStream": lambda aws: aws("kinesis").describe_stream(StreamName="clicks"),
    "kinesis:DescribeStreamSummary": lambda aws: aws("kinesis").describe_stream_summary(StreamName="clicks"),
    "dynamodb:GetItem": lambda aws: aws("dynamodb").get_item(TableName="visits", Key=KEY),
    "dynamodb:PutItem": lambda aws: aws("dynamodb").put_item(TableName="visits", Item=KEY),
    "dynamodb:DeleteItem": lambda aws: aws("dynamodb").delete_item(TableName="visits", Key=KEY),
    "dynamodb:UpdateItem": lambda aws: aws("dynamodb").update_item(TableName="visits", Key=KEY),
    "dynamodb:Query": lambda aws: aws("dynamodb").query(
        TableName="visits",
        KeyConditionExpression="site = :s",
        ExpressionAttributeValues={":s": {"S": "shop"}},
    ),
    "sns:Publish": lambda aws: aws("sns").publish(TopicArn=f"arn:aws:sns:{REGION}:123456789012:news", Message="x"),
    "sqs:SendMessage": lambda aws: aws("sqs").send_message(
        QueueUrl=f"{ENDPOINT}/123456789012/orders", MessageBody="x"
    ),
    "logs:CreateLogStream": lambda aws: aws("logs").create_log_stream(logGroupName="none", logStreamName="none"),
}


def client(service, keys=None):
    keys = keys or {"AccessKeyId": "test", "SecretAccessKey": "test"}
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def enforce(after):
    url = f"{ENDPOINT}/moto-api/reset-auth"
    plain = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(url, str(after).encode(), plain, method="POST")).read()


def is_allowed(action, keys):
    try:
        CALLS[action](lambda service: client(service, keys))
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] != DENIED
    return True


def main():
    asked = json.load(sys.stdin)
    iam = client("iam")
    keys = {}
    for number, (name, document) in enumerate(asked["documents"].items()):
        user = f"user-{number}"
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="inline", PolicyDocument=json.dumps(document))
        keys[name] = iam.create_access_key(UserName=user)["AccessKey"]
    enforce(0)
    answers = {name: {action: is_allowed(action, keys[name]) for action in CALLS} for name in keys}
    print(json.dumps(answers))


main()
