import gc

from celery.signals import worker_process_init


def test_worker_process_spares_what_it_has_loaded_from_the_garbage_collector():
    assert gc.get_freeze_count() == 0
    try:
        worker_process_init.send(sender=None)

        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
