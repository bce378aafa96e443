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

test('a page that is deeper or wider than any is cut', async () => {
  const deep = await readPage(`${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`)
  assert.ok(deep.text.length < 100)
  const wide = await readPage(`<div>${'<p>x</p>'.repeat(30_000)}</div>`)
  assert.ok(wide.text.length <= 70_000)
})
