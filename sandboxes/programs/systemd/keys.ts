/** Keys of unit files that are not read: those without effect in a sandbox, and those it does not have. */

/** Harmless here: they limit, protect or document what a sandbox has not. */
export const NO_EFFECT: ReadonlySet<string> = new Set(
  `Unit.Documentation Unit.Before Unit.PartOf Unit.DefaultDependencies
   Service.LimitNOFILE Service.LimitNPROC Service.LimitCORE Service.TasksMax Service.OOMScoreAdjust Service.Nice Service.UMask
   Service.NotifyAccess Service.GuessMainPID Service.SyslogIdentifier Service.StandardOutput Service.StandardError Service.StandardInput
   Service.SupplementaryGroups Service.PrivateTmp Service.PrivateDevices Service.ProtectSystem Service.ProtectHome Service.NoNewPrivileges
   Service.ProtectKernelTunables Service.ProtectKernelModules Service.ProtectKernelLogs Service.ProtectControlGroups Service.ProtectClock
   Service.ProtectHostname Service.RestrictAddressFamilies Service.RestrictNamespaces Service.RestrictRealtime Service.RestrictSUIDSGID
   Service.LockPersonality Service.MemoryDenyWriteExecute Service.SystemCallFilter Service.SystemCallArchitectures
   Service.CapabilityBoundingSet Service.AmbientCapabilities Service.ReadWritePaths Service.ReadOnlyPaths Service.Slice`
    .split(/\s+/)
    .filter(Boolean),
);

/** Real ones that change what a service does, and that this sandbox does not have. */
export const REFUSED: ReadonlySet<string> = new Set(
  `Unit.BindsTo Unit.Requisite Unit.Conflicts Unit.OnFailure Unit.OnSuccess Unit.StartLimitAction Unit.ConditionPathExists
   Unit.ConditionFileNotEmpty Unit.AssertPathExists Unit.Upholds Unit.StopWhenUnneeded Unit.RefuseManualStart Unit.RefuseManualStop
   Service.ExecStartPost Service.ExecStopPost Service.ExecCondition Service.RuntimeMaxSec Service.WatchdogSec Service.BusName
   Service.RootDirectory Service.DynamicUser Service.StateDirectory Service.CacheDirectory Service.LogsDirectory
   Service.ConfigurationDirectory Service.RuntimeDirectoryPreserve Service.Sockets Service.FinalKillSignal Service.SendSIGHUP
   Service.RestartForceExitStatus Service.PassEnvironment Service.UnsetEnvironment Service.MemoryMax Service.CPUQuota
   Service.TimeoutAbortSec Service.FailureAction Service.SuccessAction Service.PAMName Service.LoadCredential
   Install.Alias Install.RequiredBy Install.Also Install.DefaultInstance Install.UpheldBy`
    .split(/\s+/)
    .filter(Boolean),
);
