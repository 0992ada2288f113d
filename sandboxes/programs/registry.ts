/** Every program of the sandbox by name: what `spawn` and the shell can start. */
import type { Program } from '../host/host.ts';
import browser from './browser/main.ts';
import cat from './cat/main.ts';
import cp from './cp/main.ts';
import curl from './curl/main.ts';
import grep from './grep/main.ts';
import kill from './kill/main.ts';
import ls from './ls/main.ts';
import mkdir from './mkdir/main.ts';
import mv from './mv/main.ts';
import nginx from './nginx/main.ts';
import openssl from './openssl/main.ts';
import pip from './pip/main.ts';
import ps from './ps/main.ts';
import python3 from './python3/main.ts';
import rm from './rm/main.ts';
import sh from './sh/main.ts';
import ss from './ss/main.ts';
import tail from './tail/main.ts';
import touch from './touch/main.ts';
import uwsgi from './uwsgi/main.ts';
import uwsgitop from './uwsgitop/main.ts';

export const programs: Readonly<Record<string, Program>> = {
  browser,
  cat,
  cp,
  curl,
  grep,
  kill,
  ls,
  mkdir,
  mv,
  nginx,
  openssl,
  pip,
  ps,
  python3,
  rm,
  sh,
  ss,
  tail,
  touch,
  uwsgi,
  uwsgitop,
};
