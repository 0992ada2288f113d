/** The programs that run no Python. */
import type { Program } from '../host/host.ts';
import ab from './ab/main.ts';
import apt from './apt/main.ts';
import browser from './browser/main.ts';
import cat from './cat/main.ts';
import chmod from './chmod/main.ts';
import chown from './chown/main.ts';
import cp from './cp/main.ts';
import curl from './curl/main.ts';
import editor from './editor/main.ts';
import env from './env/main.ts';
import find from './find/main.ts';
import git from './git/main.ts';
import grep from './grep/main.ts';
import head from './head/main.ts';
import id from './id/main.ts';
import journalctl from './journalctl/main.ts';
import kill from './kill/main.ts';
import ln from './ln/main.ts';
import ls from './ls/main.ts';
import man from './man/main.ts';
import mkdir from './mkdir/main.ts';
import mv from './mv/main.ts';
import type { PlainProgram } from './names.ts';
import nginx from './nginx/main.ts';
import openssl from './openssl/main.ts';
import pkill from './pkill/main.ts';
import ps from './ps/main.ts';
import pstree from './pstree/main.ts';
import readlink from './readlink/main.ts';
import rm from './rm/main.ts';
import seq from './seq/main.ts';
import sh from './sh/main.ts';
import sleep from './sleep/main.ts';
import ss from './ss/main.ts';
import startstop from './startstop/main.ts';
import sudo from './sudo/main.ts';
import systemctl from './systemctl/main.ts';
import systemd from './systemd/main.ts';
import tail from './tail/main.ts';
import top from './top/main.ts';
import touch from './touch/main.ts';
import uname from './uname/main.ts';
import uwsgitop from './uwsgitop/main.ts';
import wc from './wc/main.ts';
import which from './which/main.ts';
import yes from './yes/main.ts';

export const plainPrograms: Readonly<Record<PlainProgram, Program>> = {
  ab,
  apt,
  'apt-get': apt,
  browser,
  cat,
  chmod,
  chown,
  cp,
  curl,
  env,
  find,
  git,
  grep,
  head,
  id,
  journalctl,
  kill,
  ln,
  ls,
  man,
  mkdir,
  mv,
  nano: editor,
  nginx,
  openssl,
  pkill,
  ps,
  pstree,
  readlink,
  rm,
  seq,
  sh,
  sleep,
  ss,
  'start-stop-daemon': startstop,
  sudo,
  systemctl,
  systemd,
  tail,
  top,
  touch,
  uname,
  uwsgitop,
  vi: editor,
  wc,
  which,
  yes,
};
