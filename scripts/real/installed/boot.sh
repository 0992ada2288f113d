#!/usr/bin/env bash
# Boots a private copy of this machine: its programs and settings, with all that is written kept in memory and gone with it; processes,
# network and accounts of its own. Runs in namespaces of its own (see machine.ts). $1: an empty folder. $2: capabilities that nobody there has, as for setpriv.
set -euo pipefail
# by hand it would mount all this over the machine itself
[[ $$ == 1 ]] || exit 2
base=$1
mount -t tmpfs -o mode=755 tmpfs "$base"
mkdir "$base"/{written,scratch,root}
# systemd and pivot_root want / to be a mount
mount --bind "$base/root" "$base/root"
cd "$base/root"
mkdir proc sys dev run tmp srv opt home root mnt old
chmod 700 root && chmod 1777 tmp
for folder in usr etc var; do
  mkdir "$folder" "$base/written/$folder" "$base/scratch/$folder"
  mount -t overlay -o "lowerdir=/$folder,upperdir=$base/written/$folder,workdir=$base/scratch/$folder" overlay "$folder"
done
for one in /bin /sbin /lib /lib32 /lib64 /libx32; do
  if [[ -L $one ]]; then cp -P "$one" .; elif [[ -d $one ]]; then mkdir ".$one" && mount --bind -o ro "$one" ".$one"; fi
done
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
# none of this machine's disks, terminals and shared memory
mount -t tmpfs -o mode=755,nosuid tmpfs dev
mkdir dev/{pts,shm}
for one in null zero full random urandom tty; do touch "dev/$one" && mount --bind "/dev/$one" "dev/$one"; done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,nosuid,noexec devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 tmpfs run
# what was written can be looked at from outside
mount --bind "$base/written" mnt

# nothing starts by itself but systemd: no disks to mount, no services of this machine, no words of its kernel in the log
rm -rf etc/fstab {etc,usr/lib}/systemd/system/sysinit.target.wants
printf '[Unit]\nDefaultDependencies=no\nWants=systemd-journald.service\n' >etc/systemd/system/machine.target
mkdir -p etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n' >etc/systemd/journald.conf.d/machine.conf
pivot_root . old
umount -l old
rmdir old
exec setpriv --bounding-set "$2" env -i container=private PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=machine.target
