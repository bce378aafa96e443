import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseDocument } from 'htmlparser2'
import { readPage } from './page.ts'
import { piecesOf } from './pieces.ts'

interface Node {
  name?: string
  children?: Node[]
}

/** Elements within each other in what a parser makes of a page, of all kinds or of these. */
function depthOf(html: string, names?: ReadonlySet<string>): number {
  let deepest = 0
  const open: [node: Node, depth: number][] = [[parseDocument(html) as Node, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [{ children = [] }, depth] = next
    deepest = Math.max(deepest, depth)
    for (const child of children)
      open.push([child, depth + (child.name !== undefined && (names?.has(child.name) ?? true) ? 1 : 0)])
  }
  return deepest
}
const INDENTING = new Set(['ul', 'ol', 'blockquote'])

test('a page that is nested as pages are is one piece, however many of its elements are never closed', async () => {
  for (const html of [
    'words',
    '<!doctype html><html><body><div><p>one<p>two</div></body></html>',
    '<p>x'.repeat(10_000),
    `<ul>${'<li>x'.repeat(5_000)}</ul><select>${'<option>y'.repeat(5_000)}</select>`,
    `<table>${'<tr><td>a<td>b'.repeat(3_000)}`,
    `<div>${'<br><img src=x><hr>'.repeat(1_000)}</div>`,
    '</div>'.repeat(1_000),
    `${'<b>'.repeat(199)}x<i>y</i>z`,
    `${'<ul><li>'.repeat(4)}x`,
    `<script>${'<div>'.repeat(5_000)}</script><!-- ${'<div>'.repeat(5_000)} --><p title="${'<div>'.repeat(5_000)}">x`,
  ])
    assert.deepEqual(await piecesOf(html), [html], html.slice(0, 40))
  assert.deepEqual(await piecesOf(''), [])
})

test('a piece ends before the element that is too deep, and before the fifth list or quote within others', async () => {
  const deep = '<b>'.repeat(200)
  assert.deepEqual(await piecesOf(`${deep}<i>x</i>y`), [deep, '<i>x</i>y'])
  assert.deepEqual(await piecesOf(`${deep}x<i a=">" b='<u>'>y`), [`${deep}x`, `<i a=">" b='<u>'>y`])
  const quoted = `<ul><li><ol><li>${'<blockquote>'.repeat(2)}`
  assert.deepEqual(await piecesOf(`${quoted}x<UL><li>y</UL>z<ol>w`), [`${quoted}x`, '<UL><li>y</UL>z<ol>w'])
  const closed = '<ul><li>x</ul>'.repeat(100)
  assert.deepEqual(await piecesOf(closed), [closed])
})

/** Every kind of nesting that a page may have, up to the size of one. */
const DEEP: Readonly<Record<string, string>> = {
  closed: `${'<div>'.repeat(100_000)}deep${'</div>'.repeat(80_000)}`,
  unclosed: '<div>x'.repeat(60_000),
  mixed: '<div><p><span>x<ul><li><b><i>y</p></b>'.repeat(8_000),
  attributes: `<a title="a > b" href='</a>' x=>y`.repeat(12_000),
  quotes: `${'<blockquote>'.repeat(95)}${`<div>${'<p>x'.repeat(19_000)}</div>`.repeat(4)}`,
  lists: `${'<ul><li>'.repeat(45)}${'<li>x'.repeat(60_000)}`,
  foreign: '<svg><desc><math><mi>x'.repeat(15_000),
  upper: '<DIV CLASS=A>\n'.repeat(25_000),
}

test('of no page is a piece nested deeper than is quickly read, and the pieces together are the page', async () => {
  for (const [name, html] of Object.entries(DEEP)) {
    assert.ok(html.length > 200_000, name)
    const pieces = await piecesOf(html)
    assert.equal(pieces.join(''), html, name)
    assert.ok(pieces.length > 1 && pieces.length <= html.length / 20, `${name} ${pieces.length}`)
    for (const piece of pieces) {
      assert.ok(depthOf(piece) <= 201, name)
      assert.ok(depthOf(piece, INDENTING) <= 4, name)
    }
  }
})

test('the words of a page stay, however deep, and do not grow by being deep', async () => {
  assert.equal((await readPage(DEEP['closed'] ?? '')).text, 'deep')
  const sides = await readPage(`before ${'<div>'.repeat(5_000)}deep${'</div>'.repeat(5_000)} after`)
  assert.deepEqual(sides.text.match(/\w+/g), ['before', 'deep', 'after'])
  const links = await readPage('<a name=x>word '.repeat(2_000))
  assert.equal(links.text.match(/word/g)?.length, 2_000)
  for (const name of ['quotes', 'lists']) {
    const html = DEEP[name] ?? ''
    assert.ok((await readPage(html)).text.length < 5 * html.length, name)
  }
})

const fragment = fc.constantFrom(
  ...'<div> </div> <p> </p> <b> </b> <ul> </ul> <li> <blockquote> <table> <tr> <td> <br> <svg> </svg> <title> </title> x'.split(
    ' ',
  ),
  '<a b=">">',
  "<i c='<div>'/>",
  '<!-- <div> -->',
  '<script><div></script>',
  '</',
  '<',
)
test('whatever a page is made of, its pieces are it and none is too deep', async () => {
  const run = fc.tuple(fc.array(fragment, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 300 }))
  const soup = fc
    .array(run, { maxLength: 5 })
    .map((runs) => runs.map(([of, times]) => of.join('').repeat(times)))
  await fc.assert(
    fc.asyncProperty(soup, async (parts) => {
      const html = parts.join('')
      const pieces = await piecesOf(html)
      assert.equal(pieces.join(''), html)
      for (const piece of pieces)
        assert.ok(piece !== '' && depthOf(piece) <= 201 && depthOf(piece, INDENTING) <= 4, piece)
    }),
    { numRuns: 200 },
  )
})
