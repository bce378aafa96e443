import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openTestApp } from '../../../../test/app.ts'
import { turn } from '../../../kernel/rig.ts'
import { execution } from '../../agents/fixture.ts'
import { defined, step } from '../../workflows/rig.ts'

interface Sent {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
}

/** A collector, and a server that sends it its traces. */
async function open(context: TestContext, status = 200) {
  const bodies: { path: string | undefined; type: string | undefined; body: string }[] = []
  const waiters: (() => void)[] = []
  const collector = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push({ path: request.url, type: request.headers['content-type'], body })
      response.writeHead(status).end()
      for (const wake of waiters.splice(0)) wake()
    })
  })
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
  const { port } = collector.address() as AddressInfo
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-trace-'))
  const first = await openTestApp({ data_dir })
  const { settings } = first.app.kernel
  await first.close()
  const server = await openTestApp({
    data_dir,
    settings: { ...settings, otlp_endpoint: `http://127.0.0.1:${port}` },
  })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close())
  context.after(async () => {
    await close()
    collector.close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  /** The spans that have come, once some have. */
  const spans = async (): Promise<Sent[]> => {
    if (bodies.length === 0)
      await new Promise<void>((resolve) => {
        waiters.push(resolve)
      })
    return bodies.flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: Sent[] }[] }[]
      }
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    })
  }
  return { server, port, bodies, spans, close }
}

test('a call, and the execution that it began below it, reach the collector of the operator', async (context) => {
  const { server, bodies, spans } = await open(context)
  const ann = await server.claim()
  const asked = execution(ann, 5, 'calculate', { expression: '6 * 7' })
  const { execution_id } = await server.ask(ann.token, 'agents.execute', asked)
  await server.app.measures.stop()
  const found = await spans()
  assert.deepEqual(found.map(({ name }) => name).toSorted(), ['agent', 'agents.execute', 'auth.setup'])
  const call = found.find(({ name }) => name === 'agents.execute')
  const work = found.find(({ name }) => name === 'agent')
  assert.deepEqual([work?.traceId, work?.parentSpanId], [call?.traceId, call?.spanId])
  assert.deepEqual([bodies[0]?.path, bodies[0]?.type], ['/v1/traces', 'application/json'])
  const text = bodies.map(({ body }) => body).join('')
  assert.ok(text.includes(execution_id))
  for (const content of ['6 * 7', '42', ann.token, 'ann@example.org'])
    assert.ok(!text.includes(content), content)
})

test('a run of a workflow is below the call that started it', async (context) => {
  const { server, spans } = await open(context)
  const ann = await server.claim()
  const { kernel, workflows, measures } = server.app
  const steps = [{ ...step('a'), agent_number: 5, action: 'calculate', parameters: { expression: '1 + 1' } }]
  const given = { name: 'Sum', definition: defined({ steps }) }
  const { id } = await kernel.store.write((tx) => workflows.create(tx, ann.user_id, given))
  await server.ask(ann.token, 'workflows.execute', { id, wait_for_completion: true })
  await turn()
  await measures.stop()
  const found = await spans()
  const call = found.find(({ name }) => name === 'workflows.execute')
  const run = found.find(({ name }) => name === 'workflow')
  assert.deepEqual([run?.traceId, run?.parentSpanId], [call?.traceId, call?.spanId])
})

test('agents may not go where the traces go', async (context) => {
  const { server, port } = await open(context)
  const ann = await server.claim()
  const asked = execution(ann, 8, 'get', { url: `http://127.0.0.1:${port}/` }, { wait_for_completion: true })
  const { result } = await server.ask(ann.token, 'agents.execute', asked)
  assert.match(result?.error ?? '', /PAIOS_EGRESS_LAN/)
})

test('what was done last is sent before the server has stopped', async (context) => {
  const { server, bodies, close } = await open(context)
  await server.claim()
  await close()
  assert.match(bodies.map(({ body }) => body).join(''), /"name":"auth\.setup"/)
})

test('a collector that refuses is told in the log once, and holds nothing up', async (context) => {
  const { server, bodies } = await open(context, 500)
  const ann = await server.claim()
  for (let n = 0; n < 3; n += 1) {
    await server.ask(ann.token, 'agents.list', {})
    await server.app.measures.stop()
    while (bodies.length <= n) await new Promise((resolve) => setImmediate(resolve))
  }
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(server.logged.filter((line) => line.includes('traces could not be sent')).length, 1)
})
