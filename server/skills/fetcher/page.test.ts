import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPage } from './page.ts'

test('a page is its words: without markup, scripts, styles, pictures and addresses of links', async () => {
  const html = `<!doctype html><html><head><title> Menu &amp;
  more </title><style>p{color:red}</style></head><body><script>alert('x')</script><h1>Today</h1>
  <p>Soup, <b>7</b>&nbsp;€ <a href="https://e.org/x">order</a> <img src="a.png" alt="a bowl"></p><ul><li>one</li></ul></body></html>`
  assert.deepEqual(await readPage(html), {
    title: 'Menu & more',
    text: 'Today\n\nSoup, 7\u00a0€ order\n\n * one',
  })
})

test('a page without a title has none, and text without markup stays', async () => {
  assert.deepEqual(await readPage('just words'), { text: 'just words' })
  assert.deepEqual(await readPage('<title></title>x'), { text: 'x' })
})

test('what stands apart on a page stays apart in its text', async () => {
  for (const [html, text] of [
    [
      '<table><caption>Hours<tr><th>Day<th>From<tr><td> Monday</td><td>9</table>',
      'Hours\nDay From\nMonday 9',
    ],
    ['<tr><td>a<td>b<tr><td>c', 'a b\nc'],
    ['<dl><dt>salt<dd>a little<dt>oil</dl>', 'salt\na little\noil'],
    ['<select><option>one<option>two</select>', 'one\ntwo'],
    ['<li>one<li>two</li>three', 'one\ntwo\nthree'],
    ['<ul><li>one<ul><li>two</ul><li>three</ul>', ' * one\n   * two\n * three'],
    ['<blockquote>said</blockquote>heard', '> said\n\nheard'],
  ] as const)
    assert.equal((await readPage(html)).text, text, html)
})

test('a page that is wider than any is cut', async () => {
  const wide = await readPage(`<div>${'<p>x</p>'.repeat(30_000)}</div>`)
  assert.ok(wide.text.length <= 70_000 && wide.text.endsWith('…'))
})
