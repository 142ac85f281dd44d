package io.hodei.domain;

/// One attempt of a job on one worker. The epoch fences it: it grows with each assignment of the job.
public record Assignment(WorkerId worker, int attempt, long epoch) {}
