"""The broker as workers read it: a message that is no task of ours is logged, dropped and counted, and ends no worker.

Kombu parses a message before any handler of Celery's sees it, and an error there ends the process (celery#7975,
kombu#2421). `transport` stands where kombu parses, `consumer` where Celery looks for the task. What is dropped is not
lost: messages are only hints, and the sweep finds the work again.
"""
