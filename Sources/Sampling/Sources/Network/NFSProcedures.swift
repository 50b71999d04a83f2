/// Procedures of NFS by number, in node_exporter's words.
enum NFSProcedures {
  /// RFC 1094.
  static let version2 = words(
    """
    Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename Link SymLink MkDir RmDir \
    ReadDir FsStat
    """)

  /// RFC 1813.
  static let version3 = words(
    """
    Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod Remove RmDir Rename Link \
    ReadDir ReadDirPlus FsStat FsInfo PathConf Commit
    """)

  /// What the client does, in the order of the kernel's include/linux/nfs4.h, `NFSPROC4_CLNT_…`. What comes later
  /// there has not kept its place from release to release.
  static let version4Client = words(
    """
    Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close Setattr FsInfo Renew SetClientID \
    SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink Create Pathconf \
    StatFs ReadLink ReadDir ServerCaps DelegReturn GetACL SetACL FsLocations ReleaseLockowner Secinfo FsidPresent \
    ExchangeID CreateSession DestroySession Sequence GetLeaseTime ReclaimComplete LayoutGet GetDeviceInfo \
    LayoutCommit LayoutReturn SecinfoNoName TestStateID FreeStateID GetDeviceList BindConnToSession DestroyClientID \
    Seek Allocate DeAllocate LayoutStats Clone
    """)

  /// Operations by their numbers, from 3 on: RFC 7530; from 40 on RFC 8881, from 59 on RFC 7862, from 72 on RFC 8276.
  static let version4Server = words(
    """
    Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link Lock Lockt Locku Lookup LookupRoot Nverify \
    Open OpenAttr OpenConfirm OpenDgrd PutFH PutPubFH PutRootFH Read ReadDir ReadLink Remove Rename Renew RestoreFH \
    SaveFH SecInfo SetAttr SetClientID SetClientIDConfirm Verify Write RelLockOwner \
    BackchannelCtl BindConnToSession ExchangeID CreateSession DestroySession FreeStateID GetDirDelegation \
    GetDeviceInfo GetDeviceList LayoutCommit LayoutGet LayoutReturn SecInfoNoName Sequence SetSSV TestStateID \
    WantDelegation DestroyClientID ReclaimComplete \
    Allocate Copy CopyNotify DeAllocate IOAdvise LayoutError LayoutStats OffloadCancel OffloadStatus ReadPlus Seek \
    WriteSame Clone \
    GetXattr SetXattr ListXattrs RemoveXattr
    """)

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }
}
