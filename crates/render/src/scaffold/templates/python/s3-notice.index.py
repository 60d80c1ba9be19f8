"""Ties the handler to AWS and to the database. Lambda calls `handler`."""

import json
import os

import boto3
import pymysql

from connection import connection_options
from handler import create_handler
from log import Log
from notices import Notices
from secrets_cache import Secrets

s3 = boto3.client("s3")
sns = boto3.client("sns")
ssm = boto3.client("ssm")

secrets = Secrets(lambda name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def connect():
    return pymysql.connect(**connection_options(secrets.read(os.environ["DATABASE_PARAMETER"])))


def read_object(bucket, key):
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8")
    except s3.exceptions.NoSuchKey:
        # Told from a refusal because the role may list the bucket.
        return None


def announce(message):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=json.dumps(message, ensure_ascii=False))


log = Log()

handler = create_handler(
    mode=os.environ["MODE"],
    read_object=read_object,
    notices=Notices(connect, log),
    announce=announce,
    log=log,
)
