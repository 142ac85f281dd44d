package io.hodei.domain;

/// Who can mend a failure.
public enum Category { USER_CODE, CONFIGURATION, IMAGE, RESOURCE, TIMEOUT, PROVIDER, INFRASTRUCTURE }
