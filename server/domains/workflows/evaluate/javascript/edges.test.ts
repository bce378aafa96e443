import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inJavaScript, inOurs } from './rig.ts'

/** What chance seldom meets: each helper and operator at its edges, some on each line. */
const EDGES = String.raw`
1 >= 1  ;  1 <= 1  ;  1 > 1  ;  1 < 1  ;  "a" >= "a"  ;  "a" <= "a"  ;  "b" < "a"  ;  [1] <= 1
"a😀b".at(-1)  ;  "a😀b".charCodeAt(1)  ;  "a😀b".codePointAt(1)  ;  "a".charCodeAt(5)
"a".codePointAt(5) ?? 0  ;  "e\u0301".normalize() === "é"  ;  "ﬁ".normalize("NFKC")
"a".normalize("NFX")  ;  "ab".lastIndexOf("")  ;  "İ".toLowerCase().length  ;  "ß".toUpperCase()
"aXbX".lastIndexOf("X")  ;  "x".padEnd(3, "")  ;  "".split("")  ;  "a,b,c".split(",", 2)
"a,b,c".split(",", -1)  ;  "ab".split("", 1)  ;  "a".split(undefined, 0)  ;  "".split(",")
"aa".replaceAll("", "-")  ;  "a.c".replace(".", "$$")  ;  "ab".replace("", "x")  ;  "abc".endsWith("b", 2)
"abc".startsWith("c", 2)  ;  "abc".indexOf("", 9)  ;  "abc".includes("a", -5)  ;  "null".concat(null)
[NaN].includes(NaN)  ;  [NaN].indexOf(NaN)  ;  [1, 2, 3].includes(1, -2)  ;  [1, 2, 1].lastIndexOf(1)
[[1]].includes([1])  ;  [undefined, 3, null, 1].toSorted()  ;  [3, 1, 2].toSorted(() => NaN)
[1, 10, 9].toSorted()  ;  [].findLast(x => x) ?? 0  ;  [1, [2, [3]]].flat(0)  ;  [1, [2, [3]]].flat(-1)
[1, [2, [[3]]]].flat("2")  ;  [[], [[]]].flat()  ;  [1, 2].at("-1")
[1, 2, 3].findLastIndex(x => x < 3)  ;  [1].concat([2, [3]], 4, "ab")  ;  [1, 2].flatMap(x => [x, [x]])
["b"].toString()  ;  [1, 2, 3].reduce((a, x, i, all) => a + x * i + all.length)
[].reduce((a, x) => a, undefined) ?? 7  ;  [5].reduce(a => a)  ;  (25).toString(16)
(0.000001234).toPrecision(2)  ;  (1e21).toFixed(2)  ;  (-1.5).toFixed(0)  ;  (5).toString(1)
true.toString()  ;  parseInt("0x1f")  ;  parseInt("12px", 10)  ;  parseInt("z", 36)  ;  parseFloat(".5.5")
Number("")  ;  Number()  ;  Number([5])  ;  String()  ;  String([null, [undefined, 1]])  ;  String({})
Boolean()  ;  Boolean("false")  ;  isNaN("x")  ;  Number.isNaN("x")  ;  Math.max()  ;  -Math.max()
Math.min(1, "0")  ;  Math.round(-0.5) === 0  ;  Math.round(2.5)  ;  Math.hypot(3, 4)  ;  Math.PI > 3
Math.atan2(1, 1)  ;  Math.log10(1000)  ;  Math.cbrt(27)  ;  Math.trunc(-1.9)  ;  Math.sign(-3)
Math.pow(2, -1)  ;  Math.fround(5.5)  ;  Object.entries("ab")  ;  Object.keys([5, 6])  ;  Object.values(5)
Object.hasOwn("ab", 1)  ;  Object.hasOwn([1], "length")  ;  Object.hasOwn(null, "a")
Object.fromEntries([["b", 1], ["1", 2], ["b", 3]])  ;  Object.fromEntries([[]])  ;  Object.keys(undefined)
JSON.stringify({ a: [undefined, NaN, -0], b: undefined })  ;  JSON.stringify("\u2028\ud800")
JSON.stringify(undefined) ?? 0  ;  JSON.stringify([1, { a: {} }], null, 20)
JSON.stringify([1], null, "-----------")  ;  JSON.stringify([1], null, -1)
JSON.parse("[1, {\"a\": null}]")  ;  JSON.parse(" 5 ")  ;  JSON.parse("01")  ;  JSON.parse(null)
JSON.parse(undefined)  ;  "b" + 1 + [2] + {}  ;  1 + null  ;  "5" * "2"  ;  [] + []  ;  [] == false
null == 0  ;  null >= 0  ;  undefined == null  ;  "1" == 1  ;  NaN != NaN  ;  [1] == 1
({}) == "[object Object]"  ;  "b" > "a"  ;  "10" < "9"  ;  "10" < 9  ;  [2] > 1  ;  null + undefined
2 ** -1  ;  7 % -3  ;  -7 % 3  ;  1 << 33  ;  -1 >>> 28  ;  ~~3.7  ;  5 & "3"  ;  "a" in input
0 in [1]  ;  "length" in []  ;  1 in "ab"  ;  typeof null  ;  typeof undefined  ;  typeof []  ;  typeof 1
typeof "a"  ;  typeof true  ;  !!""  ;  +"0x10"  ;  -"3"  ;  +[]  ;  +{} || 0  ;  null ?? 1  ;  0 ?? 1
0 || null  ;  "" && 1  ;  input.x?.y.z.w ?? 1  ;  input.x?.[input.x.y] ?? 2  ;  (input.x?.y)?.z ?? 3
input?.a  ;  [..."a😀"]  ;  [...[1, [2]]]  ;  ({ ..."ab", ...[9], ...null, ...5 })
({ b: 1, 1: 2, a: 3, 0: 4 })  ;  ({ [[1, 2]]: 1, a: 1, a: 2 })  ;  [1, 2].map(([x]) => x)
["ab"].map(([x, y]) => y + x)  ;  [{}].map(({ a: { b } }) => b)  ;  "ab"[1]  ;  "ab"["1"]
"ab"[-1] ?? 0  ;  "ab"[1.5] ?? 0  ;  [1, 2]["01"] ?? 0  ;  [5][-0]  ;  input.list["0"]
`

/** The same for what has a backtick itself. */
const TICKED = [
  '"abc".replaceAll("b", "[$`$&$\'$1]")',
  '`${[1, 2]} ${null} ${{}} \\u0041 \\n`',
  '`a${`b${1}`}`',
]

test('each helper and operator does at its edges what JavaScript does', () => {
  const sources = [...EDGES.trim().split(/\s+;\s+|\n/), ...TICKED]
  assert.ok(sources.length > 150)
  for (const source of sources)
    assert.equal(JSON.stringify(inOurs(source)), JSON.stringify(inJavaScript(source)), source)
})
