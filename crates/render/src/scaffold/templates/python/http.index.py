"""Ties the handler to AWS and to the database. Lambda calls `handler`."""

import os

import boto3
import pymysql

from connection import connection_options
from handler import create_handler
from log import Log
from notices import Notices
from secrets_cache import Secrets

ssm = boto3.client("ssm")

secrets = Secrets(lambda name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def connect():
    return pymysql.connect(**connection_options(secrets.read(os.environ["DATABASE_PARAMETER"])))


log = Log()

handler = create_handler(
    mode=os.environ["MODE"],
    token=lambda: secrets.read(os.environ["TOKEN_PARAMETER"]),
    notices=Notices(connect, log),
    log=log,
)
