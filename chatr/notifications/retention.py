from datetime import timedelta

from chatr.retention.rules import RetentionRule, register

from .operations import purge_bodies

register(RetentionRule("message-bodies", "Words of messages", timedelta(days=90), purge_bodies))
