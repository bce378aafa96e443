import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERRORS } from '../../../contract/errors.ts'
import {
  client_events,
  connection_events,
  operation_events,
  server_events,
} from '../../../contract/events.ts'
import { operations } from '../../../contract/index.ts'
import { methods } from '../../../contract/messages.ts'
import { PAGE_POLICY, apiPage } from './page.ts'
import { named } from './schemas.ts'
import { PAGE_STYLE } from './style.ts'
import { definition, escaped, prose, tree } from './tree.ts'

const page = apiPage({
  version: '1.2.3"><script>',
  style_path: '/docs/style.css',
  openapi_path: '/docs/openapi.json',
  asyncapi_path: '/docs/asyncapi.json',
})
const matches = (pattern: RegExp) => [...page.matchAll(pattern)].map((match) => match[1] ?? '')

/** What stands in the line of a path, after the path. */
function summaryOf(path: string): string {
  return page.split(`<span class="path">${path}</span>`)[1]?.split('</summary>')[0] ?? ''
}

test('every operation, event, method, error and type of the contract is on the page', () => {
  const ids = new Set(matches(/ id="([^"]+)"/g))
  for (const name of Object.keys(operations)) assert(ids.has(name), name)
  for (const name of Object.keys(methods)) assert(ids.has(`method-${name}`), name)
  for (const name of Object.keys(named)) assert(ids.has(`type-${name}`), name)
  for (const event of Object.keys({ ...connection_events, ...server_events, ...client_events })) {
    assert(ids.has(`event-${event}`), event)
  }
  for (const event of operation_events.keys()) assert(page.includes(`<code>${event}</code>`), event)
  for (const { code } of Object.values(ERRORS)) assert(page.includes(`<code>${code}</code>`), code)
})

test('every link inside the page has its target, and no target is there twice', () => {
  const ids = matches(/ id="([^"]+)"/g)
  assert.equal(new Set(ids).size, ids.length)
  for (const target of matches(/ href="#([^"]+)"/g)) assert(ids.includes(target), target)
})

test('the page needs no script, no inline style and no other host', () => {
  assert(!/<script|<style|\sstyle=|\son\w+=|javascript:/i.test(page))
  assert(!/https?:|url\(|@import|\/\/\w/.test(page + PAGE_STYLE))
  assert(!PAGE_POLICY.includes('unsafe'))
  assert(!PAGE_POLICY.includes('script-src'))
  assert(PAGE_POLICY.startsWith("default-src 'none'"))
})

test('text from outside is shown and never becomes a tag', () => {
  assert(page.includes('1.2.3&quot;&gt;&lt;script&gt;'))
  assert.equal(escaped(`<a href='x'>&"`), '&lt;a href=&#39;x&#39;&gt;&amp;&quot;')
  assert.equal(prose('a `<b>` c'), 'a <code>&lt;b&gt;</code> c')
})

test('what an operation asks for beyond a token can be read beside its path', () => {
  assert(summaryOf('/system/config').startsWith('<span class="needs">owner, passkey</span>'))
  assert(summaryOf('/system/health').startsWith('<span class="needs">anybody</span>'))
  assert(!summaryOf('/auth/me').includes('needs'))
})

test('a schema is written as a person would say it', () => {
  const { AgentStatus, RetryPolicy, Id } = named
  assert(AgentStatus && RetryPolicy && Id)
  assert.equal(tree(AgentStatus), '<p><a href="#type-AgentStatus">AgentStatus</a></p>')
  const status = definition(AgentStatus)
  assert(status.includes('<code>&quot;idle&quot;</code> <i>or</i> <code>&quot;executing&quot;</code>'))
  assert(status.includes('<b>last_error</b> <span>string <i>or</i> null</span>'))
  assert(definition(RetryPolicy).includes('<b>max_attempts</b> <span>integer, 1 to 10</span>'))
  assert(definition(Id).startsWith('<p>string, matching <code>^[0-9a-f]{8}-'))
  assert(tree(operations['auth.logout'].output).includes('Nothing.'))
  assert(
    definition(operations['agents.create'].input).includes(
      '<b>description</b> <span>string, up to 2,000 characters <i>optional</i></span>',
    ),
  )
})
