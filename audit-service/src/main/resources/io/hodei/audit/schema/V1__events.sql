-- Every event of Hodei, once. Written by audit-service alone; hodei_reader may read it.
CREATE TABLE audit.events (
  event_id       text        COLLATE "C" PRIMARY KEY,
  topic          text        NOT NULL,
  partition      integer     NOT NULL,
  record_offset  bigint      NOT NULL,
  event_type     text        NOT NULL,
  job_id         text,
  worker_id      text,
  correlation_id text        NOT NULL,
  causation_id   text,
  actor          text        NOT NULL,
  tenant         text,
  occurred_at    timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT now(),
  payload        jsonb       NOT NULL
);

-- Texts that a user may choose are indexed by their first 256 characters: an index entry has a limit, an event has none.
CREATE INDEX events_by_time        ON audit.events (occurred_at, event_id);
CREATE INDEX events_by_correlation ON audit.events (left(correlation_id, 256), occurred_at, event_id);
CREATE INDEX events_by_type        ON audit.events (left(event_type, 256), occurred_at, event_id);
CREATE INDEX events_by_actor       ON audit.events (left(actor, 256), occurred_at, event_id);
CREATE INDEX events_by_job         ON audit.events (left(job_id, 256), occurred_at, event_id) WHERE job_id IS NOT NULL;
CREATE INDEX events_by_worker      ON audit.events (left(worker_id, 256), occurred_at, event_id) WHERE worker_id IS NOT NULL;

-- How far each partition has been written: moves in the transaction that writes the rows. Set it to 0 to read all again.
CREATE TABLE audit.positions (
  topic       text    NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint  NOT NULL,
  PRIMARY KEY (topic, partition)
);
