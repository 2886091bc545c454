"""Every product limit, in one place.  ``settings.LIMITS`` holds the values in force."""

from dataclasses import dataclass

from runform.core import env

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    # Upload
    clip_bytes: int = 2048 * MB
    form_bytes: int = 2 * MB
    clips_per_check: int = 4
    # Of one athlete, removed ones included: nobody fills the disk alone.
    clips_per_day: int = 40
    bytes_per_day: int = 8 * 1024 * MB
    # What one athlete may have on its way at once, how much of it one request carries, and how long it is waited for.
    unfinished_uploads: int = 8
    part_bytes: int = 16 * MB
    upload_hours: int = 48
    body_silent_s: float = 30.0
    # What was removed or is to be deleted can be had back for so long.
    bin_days: int = 30
    # Left free on a local disk: new clips are refused before it is full, so that analyses can still end.
    reserve_bytes: int = 1024 * MB
    # E-mails that one person may have sent to addresses of strangers, and that one address may get from all
    invitations_per_day: int = 200
    invitations_per_address: int = 5
    # A review: a coach's claim ends this long after the last sign of work on the page.
    claim_s: int = 30 * 60
    # Longer than this between two signs of work is a pause.
    pause_s: int = 60
    drawings_per_review: int = 100
    voice_notes_per_review: int = 20
    # Three minutes of speech come to a megabyte or, as some browsers record it, to three.
    voice_s: int = 180
    voice_bytes: int = 4 * MB
    # Fewer verdicts say nothing about how often coaches agree.
    agreement_min: int = 10
    # A job: three attempts, each with a lease that its heartbeat extends.
    attempts: int = 3
    retry_pause_s: int = 60
    lease_s: int = 45
    heartbeat_s: float = 1.0
    queued_too_long_s: int = 60
    republish_at_once: int = 10
    # Old clips that are analysed again in bulk: so many lie in the queue at once, and none while people wait.
    renewals_at_once: int = 4
    # The analyser's child process.  Heartbeats go on while it is silent, but not for ever.
    silent_s: int = 180
    wall_s: int = 45 * 60
    cpu_s: int = 90 * 60
    memory_bytes: int = 3 * 1024 * MB
    output_bytes: int = 1024 * MB
    # Shared links: how long one may last, how many are open of one FormCheck, and wrong addresses of one visitor
    share_days: int = 90
    shares_open: int = 10
    share_misses_per_hour: int = 30
    # The address of a picture or film ends after this long, at the latest after twice as long.
    media_url_s: int = 6 * 3600
    # The API: requests of one token a minute, tokens and webhooks of one person, and how long a token may hold
    api_per_minute: int = 300
    tokens_open: int = 20
    token_days: int = 366
    webhooks: int = 5
    # Health
    queue_age_s: int = 15 * 60
    reaper_age_s: int = 120

    @classmethod
    def from_env(cls) -> "Limits":
        return cls(
            clip_bytes=env.integer("MAX_CLIP_MB", cls.clip_bytes // MB) * MB,
            upload_hours=env.integer("UPLOAD_HOURS", cls.upload_hours),
            reserve_bytes=env.integer("RESERVE_MB", cls.reserve_bytes // MB) * MB,
            memory_bytes=env.integer("JOB_MEMORY_MB", cls.memory_bytes // MB) * MB,
            lease_s=env.integer("LEASE_SECONDS", cls.lease_s),
            retry_pause_s=env.integer("RETRY_PAUSE_SECONDS", cls.retry_pause_s),
            queued_too_long_s=env.integer("QUEUED_TOO_LONG_SECONDS", cls.queued_too_long_s),
            api_per_minute=env.integer("API_PER_MINUTE", cls.api_per_minute),
            wall_s=env.integer("JOB_MINUTES", cls.wall_s // 60) * 60,
        )
