/// Times end in `_us`: microseconds since 1970. Columns that end in `_json` hold lists. Hosts of a rollout do
/// not refer to it: what is written follows the order of steering's changes, and is never to fail for their
/// sake.
extension Schema {
  static let steering = """
    CREATE TABLE documents (
      version INTEGER PRIMARY KEY,
      selector TEXT NOT NULL,
      sha256 BLOB NOT NULL,
      yaml TEXT NOT NULL,
      author TEXT NOT NULL,
      message TEXT NOT NULL,
      created_us INTEGER NOT NULL,
      quarantined TEXT NOT NULL
    ) STRICT;
    CREATE TABLE quarantined_configs (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      sha256 BLOB NOT NULL UNIQUE,
      reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE layers (
      selector TEXT PRIMARY KEY NOT NULL,
      current INTEGER NOT NULL,
      history_json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rollouts (
      id INTEGER PRIMARY KEY,
      version INTEGER NOT NULL,
      previous_version INTEGER NOT NULL,
      selector TEXT NOT NULL,
      sha256 BLOB NOT NULL,
      state INTEGER NOT NULL,
      paused_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      waves_begun INTEGER NOT NULL,
      wave_hosts_json TEXT NOT NULL,
      plan_json TEXT NOT NULL,
      created_us INTEGER NOT NULL,
      ended_us INTEGER NOT NULL,
      author TEXT NOT NULL,
      message TEXT NOT NULL,
      history_json TEXT NOT NULL,
      counts_json TEXT NOT NULL,
      troubled_json TEXT NOT NULL
    ) STRICT;
    CREATE TABLE rollout_hosts (
      rollout INTEGER NOT NULL,
      host_id TEXT NOT NULL,
      wave INTEGER NOT NULL,
      state INTEGER NOT NULL,
      reason TEXT NOT NULL,
      counted INTEGER NOT NULL,
      baseline_cpu_ratio REAL,
      baseline_resident_bytes REAL,
      baseline_failing_sources INTEGER,
      PRIMARY KEY (rollout, host_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE host_configs (
      host_id TEXT PRIMARY KEY NOT NULL,
      sha256 BLOB NOT NULL,
      version INTEGER NOT NULL,
      rollout INTEGER NOT NULL,
      state INTEGER NOT NULL,
      reason TEXT NOT NULL,
      stamped_sha256 BLOB NOT NULL,
      failures_json TEXT NOT NULL,
      changed_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  static let fleet = """
    CREATE TABLE hosts (
      host_id TEXT PRIMARY KEY NOT NULL,
      instance TEXT NOT NULL,
      labels_json TEXT NOT NULL,
      machine_sha256 BLOB NOT NULL,
      epoch INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      operating_system TEXT NOT NULL,
      kernel_release TEXT NOT NULL,
      architecture TEXT NOT NULL,
      collector_version TEXT NOT NULL,
      address TEXT NOT NULL,
      first_seen_us INTEGER NOT NULL,
      last_seen_us INTEGER NOT NULL,
      retired INTEGER NOT NULL,
      goodbye_reason TEXT,
      cloned_from TEXT NOT NULL,
      interval_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE expectations (
      instance TEXT PRIMARY KEY NOT NULL,
      author TEXT NOT NULL,
      since_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  static let runsAndAudit = """
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      command TEXT NOT NULL,
      selector TEXT NOT NULL,
      author TEXT NOT NULL,
      started_us INTEGER NOT NULL,
      ended_us INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      summary TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_outcome ON runs (outcome) WHERE outcome = 'running';
    CREATE TABLE run_hosts (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      host_id TEXT NOT NULL,
      instance TEXT NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (run, host_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      time_us INTEGER NOT NULL,
      author TEXT NOT NULL,
      address TEXT NOT NULL,
      role INTEGER NOT NULL,
      action TEXT NOT NULL,
      selector TEXT NOT NULL,
      detail TEXT NOT NULL,
      message TEXT NOT NULL,
      outcome TEXT NOT NULL,
      summary TEXT NOT NULL,
      hosts INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_by_author ON audit (author, id);
    CREATE INDEX audit_by_outcome ON audit (outcome) WHERE outcome = 'running';
    CREATE TABLE audit_hosts (
      entry INTEGER NOT NULL REFERENCES audit (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      position INTEGER NOT NULL,
      host_id TEXT NOT NULL,
      instance TEXT NOT NULL,
      outcome TEXT NOT NULL,
      PRIMARY KEY (entry, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX audit_hosts_by_id ON audit_hosts (host_id, entry);
    CREATE INDEX audit_hosts_by_instance ON audit_hosts (instance, entry);
    """
}
