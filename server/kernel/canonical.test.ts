import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonical } from './canonical.ts'

test('the examples of RFC 8785, section 3.2, come out as it says', () => {
  const text = String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`
  assert.equal(
    canonical(JSON.parse(text)),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
  const keys = String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`
  const order = Object.values(JSON.parse(canonical(JSON.parse(keys))) as object)
  // An engine moves the key 1 to the front when it parses; the text has it where it belongs.
  assert.match(canonical(JSON.parse(keys)), /^\{"\\r":"Carriage Return","1":"One",/)
  assert.deepEqual(order.slice(2), [
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

/** RFC 8785, appendix B: bits of a double, and its text. */
const NUMBERS: Readonly<Record<string, string>> = {
  '0000000000000000': '0',
  '8000000000000000': '0',
  '0000000000000001': '5e-324',
  '8000000000000001': '-5e-324',
  '7fefffffffffffff': '1.7976931348623157e+308',
  ffefffffffffffff: '-1.7976931348623157e+308',
  '4340000000000000': '9007199254740992',
  c340000000000000: '-9007199254740992',
  '4430000000000000': '295147905179352830000',
  '44b52d02c7e14af5': '9.999999999999997e+22',
  '44b52d02c7e14af6': '1e+23',
  '44b52d02c7e14af7': '1.0000000000000001e+23',
  '444b1ae4d6e2ef4e': '999999999999999700000',
  '444b1ae4d6e2ef4f': '999999999999999900000',
  '444b1ae4d6e2ef50': '1e+21',
  '3eb0c6f7a0b5ed8c': '9.999999999999997e-7',
  '3eb0c6f7a0b5ed8d': '0.000001',
  '41b3de4355555553': '333333333.3333332',
  '41b3de4355555554': '333333333.33333325',
  '41b3de4355555555': '333333333.3333333',
  '41b3de4355555556': '333333333.3333334',
  '41b3de4355555557': '333333333.33333343',
  becbf647612f3696: '-0.0000033333333333333333',
  '43143ff3c1cb0959': '1424953923781206.2',
}

test('the numbers of RFC 8785, appendix B, come out as it says', () => {
  for (const [bits, text] of Object.entries(NUMBERS)) {
    assert.equal(canonical(Buffer.from(bits, 'hex').readDoubleBE()), text, bits)
  }
})

test('keys are ordered at every depth, integers among them as texts', () => {
  const value = { b: [{ z: 1, a: 2 }], 10: 'ten', 9: 'nine', a: { 2: 0, 1: { d: 0, c: 0 } }, '': 0 }
  assert.equal(
    canonical(value),
    '{"":0,"10":"ten","9":"nine","a":{"1":{"c":0,"d":0},"2":0},"b":[{"a":2,"z":1}]}',
  )
})

test('a key named __proto__ is a key like any other', () => {
  assert.equal(canonical(JSON.parse('{"b":1,"__proto__":{"x":2}}')), '{"__proto__":{"x":2},"b":1}')
})

test('a field that is undefined is as if it were not there, and an entry of a list is null', () => {
  assert.equal(canonical({ b: undefined, a: 1 }), canonical({ a: 1 }))
  assert.equal(canonical([undefined, 1]), '[null,1]')
  assert.equal(canonical(undefined), 'null')
  assert.equal(canonical({}) + canonical([]) + canonical(''), '{}[]""')
})

test('equal values have one text whatever the order of their keys, and others have another', () => {
  const shuffle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffle)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, item]) => [key, shuffle(item)] as const)
    return Object.fromEntries(entries.toReversed())
  }
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = canonical(value)
      assert.equal(canonical(shuffle(value)), text)
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
    }),
    { seed: 8785, numRuns: 500 },
  )
})
