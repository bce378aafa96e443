import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mermaidLabel } from './mermaid.ts'

test('letters of all scripts stay, and every sign that could mean something is an entity', () => {
  for (const [text, label] of [
    ['Tasks & Lists', '"Tasks #38; Lists"'],
    ['Wörter 日本語 हिन्दी', '"Wörter 日本語 हिन्दी"'],
    ['a"b`c', '"a#34;b#96;c"'],
    ['#quot;', '"#35;quot#59;"'],
    ['<b>', '"#60;b#62;"'],
    ['🙂', '"#128578;"'],
    ['a.b,c_d/e-f', '"a.b,c_d/e-f"'],
  ] as const)
    assert.equal(mermaidLabel(text, 80), label)
})

test('what ends a line, is not seen or turns the direction is one space, and nothing at all is a space', () => {
  assert.equal(mermaidLabel(' a\r\n\u2028\tb\u0000\u202ec\u200b ', 80), '"a b c"')
  for (const text of ['', '   ', '\n', '\u202e']) assert.equal(mermaidLabel(text, 80), '" "')
  assert.equal(mermaidLabel('a\ud800b', 80), '"a#65533;b"')
})

test('a long text is cut before it is written in entities, and no sign is cut in two', () => {
  assert.equal(mermaidLabel('abcdef', 6), '"abcdef"')
  assert.equal(mermaidLabel('abcdefg', 6), '"abcde#8230;"')
  assert.equal(mermaidLabel('abcd🙂🙂', 6), '"abcd#8230;"')
  assert.equal(mermaidLabel('ab  cdef', 4), '"ab#8230;"')
})
