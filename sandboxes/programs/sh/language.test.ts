/** The shell's language: what POSIX says of quoting, filling in, loops and choices, as far as it is built. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';

let sandbox: LocalSandbox;
beforeEach(() => {
  sandbox = createLocalSandbox({
    files: {
      '/srv/a.txt': 'alpha\n',
      '/srv/b c.txt': 'beta\n',
      '/srv/*.odd': '',
      '/srv/script': 'echo "$0: $# [$1] [$2]"\nnope\n',
      '/root/': '',
      '/tmp/': '',
    },
    programs: {
      fail: async () => 3,
      args: async (host) => {
        await host.print(`${host.args.map((arg) => `<${arg}>`).join('')}\n`);
        return 0;
      },
    },
  });
});
afterEach(() => sandbox.dispose());

async function run(text: string, ...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const process = await sandbox.spawn('sh', ['-c', text, ...args], { cwd: '/srv' });
  const { code } = await process.exited;
  return { code, out: process.stdout(), err: process.stderr() };
}
/** Each text, and what is printed. */
async function prints(cases: Readonly<Record<string, string>>): Promise<void> {
  for (const [text, printed] of Object.entries(cases)) {
    const { out, err } = await run(text);
    expect(out + err, text).toBe(printed);
  }
}

describe('words', () => {
  test('quotes and backslashes', () =>
    prints({
      [String.raw`args 'a\b"$x' "a\b\$x\"\\" a\ \'b`]: '<a\\b"$x><a\\b$x"\\><a \'b>\n',
      'args a\\\nb "c\\\nd" \'e\\\nf\'': '<ab><cd><e\\\nf>\n',
      'args "" \'\' x"" # "y"': '<><><x>\n',
      'args a#b "#c" \\#d': '<a#b><#c><#d>\n',
      'args $ "$" a$ $%': '<$><$><a$><$%>\n',
      'echo a;echo b&&echo c||echo d': 'a\nb\nc\n',
    }));

  test('variables are split where they are not quoted', () =>
    prints({
      'x="a  b"; args $x "$x" p$x"$x"s': '<a><b><a  b><pa><ba  bs>\n',
      'x=; args $x "$x" a$x': '<><a>\n',
      'x=" a "; args b${x}c': '<b><a><c>\n',
      'IFS=:; x=a:b::c; args $x': '<a><b><><c>\n',
      'x=$(echo "a   b"); y=$x; args "$y"': '<a   b>\n',
      'x=1 y=$x; args $x$y': '<11>\n',
      'a=~/b; args $a ~ "~"': '</root/b></root><~>\n',
    }));

  test('what stands in', () =>
    prints({
      'args ${x:-a b} "${x:-a b}" ${x-"c d"}': '<a><b><a b><c d>\n',
      'x=; args ${x-a} "${x:-b}" ${x:+c}; x=1; args ${x:+"d e"} ${x+f}': '<b>\n<d e><f>\n',
      'args ${x:=new}; args $x ${#x}': '<new>\n<new><3>\n',
      'args ${x:-${y:-deep}} "${x:-"q"}" ${x:-\\}}': '<deep><q><}>\n',
      'echo ${x:?is missing}; echo no': 'sh: 1: x: is missing\n',
      'set -u; echo ${x:-fine}; echo $x; echo no': 'fine\nsh: 1: x: parameter not set\n',
      'echo ${}': 'sh: 1: Syntax error: Bad substitution\n',
    }));

  test('commands in words', () =>
    prints({
      'args $(echo a b) "$(echo a b; echo; echo)"': '<a><b><a b>\n',
      'args `echo a \\`echo b\\`` $(echo $(echo ")") \')\')': '<a><b><)><)>\n',
      'x=1; y=$(x=2; cd /; exit 7); echo $? $x $(pwd) "[$y]"': '7 1 /srv []\n',
      'x=$(cat nope); echo $?': '1\ncat: nope: No such file or directory\n',
      'x=$(ls | grep a.t); echo $x': 'a.txt\n',
      'echo $(echo a; ls a.txt; echo b)': 'a a.txt b\n',
    }));

  test('sums', () =>
    prints({
      'i=4; echo $((i + 2 * (3 - 1))) $((-7 / 2)) $((7 % 3)) $(( $i == 4 && 1 < 2 )) $((unset_one + 1)) "$((1))"': '8 -3 1 1 1 1\n',
      'echo $((1 / 0)); echo no': 'sh: 1: arithmetic expression: division by zero: "1 / 0"\n',
      'echo $((1 +)); echo no': 'sh: 1: arithmetic expression: this sandbox\'s shell does not understand "1 +"\n',
    }));

  test('file names: a quoted pattern is none', () =>
    prints({
      'args *.txt': '<a.txt><b c.txt>\n',
      'args "*".odd \\*.odd [*].odd [a]*': '<*.odd><*.odd><*.odd><a.txt>\n',
      'x="*.txt"; args $x "$x" nope*': '<a.txt><b c.txt><*.txt><nope*>\n',
      'x=*.txt; args "$x"': '<*.txt>\n',
      'args [!a]*.txt [^a]*.txt [z-a]': '<b c.txt><b c.txt><[z-a]>\n',
    }));

  test('arguments', async () => {
    expect((await run('args "$@" $* "$*" $# $2 "${3}" "x$@y"', 'name', 'a b', 'c')).out).toBe(
      '<a b><c><a><b><c><a b c><2><c><><xa b><cy>\n',
    );
    expect((await run('args "$@" x; set -- 1 2; shift; args $1 $#; for i; do echo $i; done')).out).toBe('<x>\n<2><1>\n2\n');
    expect(await run('sh script one "two 2"; . ./script')).toMatchObject({
      out: 'script: 2 [one] [two 2]\nsh: 0 [] []\n',
      err: 'script: 2: nope: not found\nsh: 2: nope: not found\n',
    });
    expect((await run('chmod +x script; ./script a')).out).toBe('./script: 1 [a] []\n');
  });
});

describe('commands of several parts', () => {
  test('for, while, until, if', () =>
    prints({
      'for i in 1 "2 3" $(seq 4 5); do args $i "$i"; done': '<1><1>\n<2><3><2 3>\n<4><4>\n<5><5>\n',
      'i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; echo $?': '0\n1\n2\n0\n',
      'i=0; until [ $i = 2 ]; do i=$((i+1)); done; echo $i': '2\n',
      'for i in 1 2 3; do for j in a b; do [ $i = 2 ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done': '1a\n1b\n',
      'for x in a.txt nope; do if [ -f $x ]\nthen echo file; elif [ $x = nope ]; then\necho none; else echo no; fi; done': 'file\nnone\n',
      'if fail; then echo no; fi; echo $?; if ! fail; then echo yes; fi': '0\nyes\n',
      'for in in in; do echo $in; done; echo for if done': 'in\nfor if done\n',
    }));

  test('their streams are redirected as one', () =>
    prints({
      'for i in 1 2; do echo $i; args $i; done > out; wc -l < out': '4\n',
      'printf "a b\\nc\\n" | while read x y; do echo "$y:$x"; done': 'b:a\n:c\n',
      'while IFS= read -r line; do echo "[$line]"; done < a.txt; echo "$line."': '[alpha]\n.\n',
      'for i in 3 1 2; do echo $i; done | grep -v 1 | while read n; do echo n$n; done': 'n3\nn2\n',
      'if nope; then :; fi 2> err; cat err': 'sh: 1: nope: not found\n',
      '{ echo a; ls nope; } > both 2>&1; wc -l < both; (cd /; pwd); pwd': '2\n/\n/srv\n',
      '(echo to err >&2) 2> err; cat err': 'to err\n',
    }));

  test('here-documents', () =>
    prints({
      'x=1; cat <<END\na $x \\$x "$(echo b)"\n\tc\nEND\necho after': 'a 1 $x "b"\n\tc\nafter\n',
      "cat <<'END' > conf; cat conf\nserver { $x `y` }\nEND": 'server { $x `y` }\n',
      'cat <<-A; cat <<B\n\tone\n\tA\ntwo\nB': 'one\ntwo\n',
      'while read l; do echo "-$l"; done <<E\n1\n2\nE': '-1\n-2\n',
      'cat <<END && echo yes\nopen to the end': 'open to the end\nyes\n',
    }));

  test('what is not finished, or not there', () =>
    prints({
      'for i in 1; do echo': 'sh: 1: Syntax error: end of file unexpected (expecting "done")\n',
      'echo a\nif true; then\nfi': 'a\nsh: 3: Syntax error: "fi" unexpected\n',
      'echo $(': 'sh: 1: Syntax error: end of file unexpected (expecting ")")\n',
      'echo a &&': 'sh: 1: Syntax error: end of file unexpected\n',
      'echo a; ; echo b': 'sh: 1: Syntax error: ";" unexpected\n',
      'echo a)': 'sh: 1: Syntax error: ")" unexpected\n',
      'echo a >': 'sh: 1: Syntax error: newline unexpected\n',
      'echo x > /no/where || echo $? >&2': 'sh: 1: cannot create /no/where: Directory nonexistent\n2\n',
    }));
});

describe('options', () => {
  test('set -e ends at the first failure that nobody asked about', () =>
    prints({
      'set -e; fail || true; if fail; then :; fi; ! true; while fail; do :; done; echo here; fail; echo no': 'here\n',
      'set -e; x=$(fail); echo no': '',
      'set -e; for i in 1 2; do echo $i; fail; done': '1\n',
      'set -e; set +e; fail; echo yes': 'yes\n',
    }));

  test('set -x shows what is carried out', async () => {
    expect((await run('set -x; x="a b"; echo $x "c d"')).err).toBe("+ x='a b'\n+ echo a b 'c d'\n");
    expect((await run('set -o pipefail')).err).toBe("sh: 1: set: this sandbox's shell does not have -o; it has -e, -u and -x\n");
    expect((await run('exit 3')).code).toBe(3);
  });
});

describe('builtins', () => {
  test('test', async () => {
    const holds = async (condition: string): Promise<boolean> => (await run(`[ ${condition} ]`)).code === 0;
    for (const condition of [
      'a',
      '-n a',
      '-z ""',
      'a = a',
      'a != b',
      '2 -gt 1',
      '-f a.txt',
      '-d /srv',
      '-s a.txt',
      '! -e x',
      'a -a b',
      '"" -o a',
      '\\( a = a \\)',
      '! = !',
      '-x /srv',
    ])
      expect(await holds(condition), condition).toBe(true);
    for (const condition of ['', '""', 'a = b', '1 -gt 2', '-f /srv', '-x a.txt', '-e nope/x', '! a', 'a -a ""'])
      expect(await holds(condition), condition).toBe(false);
    expect(await run('[ a = ')).toMatchObject({ code: 2, err: 'sh: 1: [: missing ]\n' });
    expect(await run('[ a -eq 1 ]')).toMatchObject({ code: 2, err: 'sh: 1: test: Illegal number: a\n' });
  });

  test('printf, echo, read', () =>
    prints({
      [String.raw`printf '%s-%d|%5s|%-4s|%03d|%x%%\n' a 7 b c 5 255`]: 'a-7|    b|c   |005|ff%\n',
      "printf '%s\\n' a b; printf 'x\\n'; printf '%b' 'a\\tb\\n'": 'a\nb\nx\na\tb\n',
      "echo -n a; echo -e 'b\\tc'; echo 'd\\te'": 'ab\tc\nd\\te\n',
      'read a b <<E\none two  three\nE\necho "[$a] [$b]"': '[one] [two  three]\n',
    }));

  test('cd -, type, command, export', () =>
    prints({
      'cd /root; cd -; cd -': '/srv\n/root\n',
      'cd -': 'sh: 1: cd: OLDPWD not set\n',
      'type ls cd if nope; command -v cat; command -v nope; echo $?':
        'ls is /usr/bin/ls\ncd is a shell builtin\nif is a shell keyword\nnope: not found\n/usr/bin/cat\n127\n',
      'export A="x y"; export -p | grep "^export A"; B=2 env | grep B=; echo "[$B]"': "export A='x y'\nB=2\n[]\n",
      'alias ll=ls': 'sh: 1: alias: not in this sandbox; write a script, or call the command by its whole name\n',
    }));

  test('who goes on writing into a pipe that nobody reads is ended', async () => {
    expect((await run('yes | head -n 2; while true; do echo x; done | head -n 1')).out).toBe('y\ny\nx\n');
  });

  test('a copy of the shell knows what this one knows', () =>
    prints({
      'x=1; echo a | while read l; do echo $l$x; done': 'a1\n',
      'x=1; { echo $x; x=2; echo $x; } & wait; echo $x': '1\n2\n1\n',
      'echo "quoted   $(echo in)" | cat; echo "a b" & wait': 'quoted   in\na b\n',
    }));
});

test('what a redirection has opened stays where it is, wherever a cd goes', () =>
  prints({
    '{ echo a; cd /tmp; echo b; } > f; cat /srv/f; ls /tmp': 'a\nb\n',
    'for i in 1 2; do cd /tmp; args $i; done > ./f; cat /srv/f; ls /tmp': '<1>\n<2>\n',
    '{ cd /tmp; fail; nope; } 2> ../srv/f; cat /srv/f; ls /tmp': 'sh: 1: nope: not found\n',
  }));
