"""The statements of endpoints, deliveries, dispatching and the feed.

The worker has no caller: what it asks across people says so.
"""
