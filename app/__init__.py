"""Rebound: the recovery workflow after a job rejection, as an HTTP API."""
