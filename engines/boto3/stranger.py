"""Drives an endpoint as any Python program would; prints one JSON object of answers by claim.

Arguments: endpoint, account. Credentials and region come from the environment.
"""

import decimal
import io
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

ENDPOINT, ACCOUNT = sys.argv[1:]
REGION = "eu-west-1"
ANSWERS = {}


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION)


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def claim(name):
    """Keeps what a function answers, or the code of the error it ends with."""

    def run(function):
        try:
            ANSWERS[name] = function()
        except ClientError as error:
            ANSWERS[name] = "error: " + error.response["Error"]["Code"]
        return function

    return run


s3 = client("s3")


@claim("an object of 12 MiB goes up in parts, on several threads, and comes back whole")
def _():
    body = bytes(range(256)) * (12 * 4096)
    config = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
    s3.upload_fileobj(io.BytesIO(body), "lake", "big", Config=config)
    back = io.BytesIO()
    s3.download_fileobj("lake", "big", back, Config=config)
    return back.getvalue() == body


@claim("a paginator lists every key once")
def _():
    for number in range(7):
        s3.put_object(Bucket="lake", Key=f"page/{number}", Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="lake", Prefix="page/", PaginationConfig={"PageSize": 3}
    )
    return [content["Key"] for page in pages for content in page["Contents"]]


@claim("a waiter sees an object that is there")
def _():
    s3.get_waiter("object_exists").wait(Bucket="lake", Key="page/0")
    return "seen"


@claim("a signed address is refused, for the stage reads signatures in headers only")
def _():
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "page/0"}, ExpiresIn=60)
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return error.code
    return "read"


@claim("a key that is not there")
def _():
    return s3.get_object(Bucket="lake", Key="nothing")["ETag"]


@claim("records come back from their shards in order")
def _():
    kinesis = client("kinesis")
    for number in range(5):
        kinesis.put_record(StreamName="clicks", PartitionKey="one", Data=str(number).encode())
    read = []
    for shard in kinesis.list_shards(StreamName="clicks")["Shards"]:
        iterator = kinesis.get_shard_iterator(
            StreamName="clicks", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        read += [record["Data"].decode() for record in kinesis.get_records(ShardIterator=iterator)["Records"]]
    return read


@claim("a table takes exact decimals and gives them back")
def _():
    table = boto3.resource("dynamodb", endpoint_url=ENDPOINT, region_name=REGION).Table("visits")
    exact = decimal.Decimal("0.12345678901234567890123456789012345678")
    table.put_item(Item={"site": "shop", "hour": 1, "rate": exact, "tags": {"a", "b"}, "more": {"deep": [True, None]}})
    item = table.get_item(Key={"site": "shop", "hour": 1}, ConsistentRead=True)["Item"]
    return [str(item["rate"]) == str(exact), sorted(item["tags"]), item["more"]]


@claim("a table is queried with conditions that the client builds")
def _():
    from boto3.dynamodb.conditions import Attr, Key

    table = boto3.resource("dynamodb", endpoint_url=ENDPOINT, region_name=REGION).Table("visits")
    with table.batch_writer() as batch:
        for hour in range(30):
            batch.put_item(Item={"site": "many", "hour": hour, "even": hour % 2 == 0})
    found = table.query(
        KeyConditionExpression=Key("site").eq("many") & Key("hour").between(5, 14),
        FilterExpression=Attr("even").eq(True),
    )
    return [int(item["hour"]) for item in found["Items"]]


@claim("a topic reaches a queue")
def _():
    sqs = client("sqs")
    queue = sqs.get_queue_url(QueueName="orders")["QueueUrl"]
    client("sns").publish(
        TopicArn=arn("sns", "news"),
        Message="an order",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
    )
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


@claim("a state machine runs to its end")
def _():
    states = client("stepfunctions")
    execution = states.start_execution(
        stateMachineArn=arn("states", "stateMachine:shipping"),
        name=str(uuid.uuid4()),
        input=json.dumps({"weight": 5, "kind": "light"}),
    )["executionArn"]
    for _ in range(100):
        described = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described["status"]
        time.sleep(0.1)
    return "RUNNING"


@claim("an event is put")
def _():
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    return client("events").put_events(Entries=[entry])["FailedEntryCount"]


@claim("the caller is known")
def _():
    return client("sts").get_caller_identity()["Account"] == ACCOUNT


@claim("a metric is put, in the protocol that this client prefers")
def _():
    client("cloudwatch").put_metric_data(Namespace="shop", MetricData=[{"MetricName": "orders", "Value": 1}])
    return "put"


print(json.dumps(ANSWERS))
