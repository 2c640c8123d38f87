/** That a person can follow a compiled function: the text of a few, as it stands. A change of emission is looked at here, and taken with `vitest -u`. */
import { expect, test } from "vitest"
import { compiled } from "./program.ts"

/** The step function alone: the rest is the same for all. */
function step(source: string): string {
  const { code } = compiled(source)
  const from = code.search(/^function \$\w+_step/m)
  return code.slice(from, code.indexOf("\nfunction ", from))
}

test("a call, whose result is returned", () => {
  expect(
    step("function* fib(n) { if (n < 2) return n; return (yield* fib(n - 1)) + (yield* fib(n - 2)) }"),
  ).toMatchInlineSnapshot(`
    "function $fib_step($m, $f, $self, n) {
      let $pc = 0, $v, $k, $c, $1;
      const $d = $m.depth;
      if ($f !== null) { $pc = $f.pc; n = $f.n; $1 = $f.$1; $v = $m.value; if ($m.kind !== 0) { if ($m.kind === 1) throw $v; return $v; } }
      else if ((--$m.budget < 0 || $d > $m.ceiling) && rove.enter($m)) { if ($f === null) { $f = new ($fib().Frame)($fib()); $f.n = n; } $f.$1 = void 0; $f.pc = 0; return rove.hold($m, $f); }
    switch ($pc) {
    case 0:
      if (n < 2) return n;
      $m.depth = $d + 1;
      $v = ($k = rove.closureOf(fib)) !== void 0 ? (0, $k.enter)($m, null, void 0, (n - 1)) : rove.delegate($m, rove.callable(fib, "*0: + (intermediate value))")((n - 1)), "*0: + (intermediate value))");
      $m.depth = $d;
      if ($m.held) { if ($f === null) { $f = new ($fib().Frame)($fib()); $f.n = n; } $f.$1 = void 0; $f.pc = 1; return rove.hold($m, $f); }
    case 1:
      $1 = ($v);
      $m.depth = $d + 1;
      $v = ($k = rove.closureOf(fib)) !== void 0 ? (0, $k.enter)($m, null, void 0, (n - 2)) : rove.delegate($m, rove.callable(fib, "*0:)")((n - 2)), "*0:)");
      $m.depth = $d;
      if ($m.held) { $f ??= new ($fib().Frame)($fib()); $f.n = void 0; $f.pc = 2; $f.$1 = $1; return rove.hold($m, $f); }
    case 2:
      return ($1 + (($v)));
    }
    }"
  `)
})

test("a loop that cannot stop stays a loop", () => {
  expect(
    step("function* sum(list) { let s = 0; for (let i = 0; i < list.length; i++) s += list[i]; return s }"),
  ).toMatchInlineSnapshot(`
    "function $sum_step($m, $f, $self, list) {
      let $pc = 0, $v, $k, $c, $b = 0, s, i = 0;
      const $d = $m.depth;
      if ($f !== null) { $pc = $f.pc; list = $f.list; s = $f.s; i = $f.i; $v = $m.value; if ($m.kind !== 0) { if ($m.kind === 1) throw $v; return $v; } }
      else if ((--$m.budget < 0 || $d > $m.ceiling) && rove.enter($m)) { if ($f === null) { $f = new ($sum().Frame)($sum()); $f.list = list; } $f.s = void 0; $f.i = 0; $f.pc = 0; return rove.hold($m, $f); }
    switch ($pc) {
    case 0:
      s = 0;
      i = 0;
    case 1:
      do {
        $b = $m.budget | 0;
        i += 0;
        if ($pc !== 0 && $b < 1) $b = 1;
        $nest: try {
          $pc = 0;
          while (true) {
            if (($b = $b - 1 | 0) < 0) { $pc = 1; break $nest; }
            if (!(i < list.length)) break;
            s += list[i];
            i++;
          }
        } finally { $m.budget = $b; }
        if ($pc !== 0 && rove.poll($m)) { if ($f === null) { $f = new ($sum().Frame)($sum()); $f.list = list; } $f.pc = 1; $f.s = s; $f.i = i; return rove.hold($m, $f); }
      } while ($pc !== 0);
      return s;
    }
    }"
  `)
})

test("a yield in a try becomes a state in a region", () => {
  expect(step("function* once(x) { try { return yield x } catch (e) { return log(e) } }")).toMatchInlineSnapshot(`
    "function $once_step($m, $f, $self, x) {
      let $pc = 0, $v, $k, $c, $h = 0, $mode = 0, e, $caught;
      const $d = $m.depth, $due = $m.due;
      if ($f !== null) { $pc = $f.pc; x = $f.x; $v = $m.value; $mode = $m.kind; }
      else if ((--$m.budget < $due[0] || $d > $m.ceiling) && rove.enter($m)) { if ($f === null) { $f = new ($once().Frame)($once()); $f.x = x; } $f.pc = 0; return rove.hold($m, $f); }
    $run: for (;;) try {
    switch ($pc) {
    case 0:
      $h = 1;
      $m.out = x;
      { $f ??= rove.yielded($m, new ($once().Frame)($once())); $f.x = void 0; $f.pc = 1; return rove.SUSPENDED; }
    case 1:
      $h = 1; if ($mode !== 0) { if ($mode === 1) { $mode = 0; throw $v; } $mode = 0; return $v; }
      return $v;
      $h = 0;
      $pc = 2; continue $run;
    case 3:
      $h = 0;
      $caught = $v;
      e = $caught;
      { return log(e); }
    case 2:
    }
    return;
    } catch ($e) {
      if ($h === 0) throw $e;
      $m.depth = $d; $v = $e; $pc = [0, 3][$h]; $mode = 0;
    }
    }"
  `)
})

test("loops in each other stop by one text, which keeps of what a round has only what the header needs", () => {
  expect(
    step(
      "function* sift(list) { for (let i = 1; i < 9; i++) { const x = list[i]; let j = i; while (list[j] > x) j--; list[j] = x } }",
    ),
  ).toMatchInlineSnapshot(`
    "function $sift_step($m, $f, $self, list) {
      let $pc = 0, $v, $k, $c, $b = 0, i = 0, x, j = 0;
      const $d = $m.depth;
      if ($f !== null) { $pc = $f.pc; list = $f.list; i = $f.i; x = $f.x; j = $f.j; $v = $m.value; if ($m.kind !== 0) { if ($m.kind === 1) throw $v; return $v; } }
      else if ((--$m.budget < 0 || $d > $m.ceiling) && rove.enter($m)) { if ($f === null) { $f = new ($sift().Frame)($sift()); $f.list = list; } $f.x = void 0; $f.i = $f.j = 0; $f.pc = 0; return rove.hold($m, $f); }
    switch ($pc) {
    case 0:
      i = 1;
      $pc = 0;
    case 1:
    case 2:
      do {
        $b = $m.budget | 0;
        i += 0; j += 0;
        if ($pc !== 0 && $b < 1) $b = 1;
        $nest: try {
          if ($pc === 1) { $pc = 0; }
          while (true) {
            if ($pc === 0) {
              if (!(i < 9)) break;
              x = list[i];
              j = i;
            }
            $pc = 0;
            while (true) {
              if (($b = $b - 1 | 0) < 0) { $pc = 2; break $nest; }
              if (!(list[j] > x)) break;
              j--;
            }
            list[j] = x;
            i++; if (($b = $b - 1 | 0) < 0) { $pc = 1; break $nest; }
          }
        } finally { $m.budget = $b; }
        if ($pc !== 0 && rove.poll($m)) { if ($f === null) { $f = new ($sift().Frame)($sift()); $f.list = list; } $f.pc = $pc; $f.i = i; $f.x = $pc >= 2 ? x : void 0; $f.j = j; return rove.hold($m, $f); }
      } while ($pc !== 0);
    }
    }"
  `)
})
