import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Parser } from '@asyncapi/parser'
import {
  client_events,
  connection_events,
  operation_events,
  server_events,
} from '../../../contract/events.ts'
import { operations } from '../../../contract/index.ts'
import type { Operation } from '../../../contract/operation.ts'
import { asyncApiDocument } from './asyncapi.ts'
import { openApiDocument } from './openapi.ts'
import { components, named, referring } from './schemas.ts'
import type { Json } from './schemas.ts'

const all = Object.values<Operation>(operations)
const asynchronous = () => asyncApiDocument('1.2.3', 'localhost:3001')
const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
const LINTER = join(dirname(manifest), 'bin', 'cli.js')

interface Described {
  operationId: string
  parameters: { name?: string; in?: string; $ref?: string }[]
  requestBody?: { content: { 'application/json': { schema: { properties?: Json; $ref?: string } } } }
  responses: Json
  security: unknown
}
const described = openApiDocument('1.2.3')['paths'] as Record<string, Record<string, Described>>

function find({ http }: Operation): Described {
  const one = described[http.path.replaceAll(/:(\w+)/g, '{$1}')]?.[http.method.toLowerCase()]
  assert(one, `${http.method} ${http.path}`)
  return one
}

/** Rules that the document breaks. The linter may read files and nothing else, so that it cannot reach a network. */
function lint(document: Json): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'))
  try {
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document))
    const ran = spawnSync(
      process.execPath,
      [
        '--permission',
        '--allow-fs-read=*',
        LINTER,
        'lint',
        'openapi.json',
        '--extends=recommended',
        '--format=json',
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    )
    const { problems } = JSON.parse(ran.stdout) as { problems: { ruleId: string; message: string }[] }
    return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The fields of a schema, when it is an object. */
function fieldsOf(schema: object | undefined): object {
  return schema !== undefined && 'properties' in schema ? (schema.properties as object) : {}
}

/** Names of events as they stand in the document. */
function keys(...records: readonly object[]): readonly string[] {
  return records
    .flatMap((record) => Object.keys(record))
    .map((name) => name.replace(':', '_'))
    .toSorted()
}

const isError = ({ severity }: { severity: number }) => severity === 0

async function parse(document: Json): Promise<string[]> {
  const diagnostics = await new Parser().validate(JSON.stringify(document))
  return diagnostics.filter(isError).map(({ message }) => message)
}

test('the OpenAPI document breaks no recommended rule, and a broken one is noticed', () => {
  assert.deepEqual(lint(openApiDocument('1.2.3')), [])
  const { security: _, ...unsafe } = find(operations['agents.get'])
  const broken = { ...openApiDocument('1.2.3'), paths: { '/agents/{other}': { get: unsafe } } }
  const rules = lint(broken).map((problem) => problem.split(':')[0])
  assert(rules.includes('security-defined'))
  assert(rules.includes('path-parameters-defined'))
})

test('the AsyncAPI document has no error, and a broken one is noticed', async () => {
  assert.deepEqual(await parse(asynchronous()), [])
  assert.notDeepEqual(await parse({ ...asynchronous(), channels: {} }), [])
})

test('the OpenAPI document has every operation of the contract once, and no other', () => {
  const ids = Object.values(described).flatMap((methods) =>
    Object.values(methods).map((one) => one.operationId),
  )
  assert.deepEqual(ids.toSorted(), all.map((one) => one.name.replace('.', '_')).toSorted())
})

test('exactly the operations that need proof take one, in the header and in the body, or an approval', () => {
  for (const one of all) {
    const { parameters, requestBody, responses } = find(one)
    const refs = parameters.map((parameter) => parameter.$ref?.split('/').at(-1))
    const properties = requestBody?.content['application/json'].schema.properties ?? {}
    const needed = one.proof !== 'none'
    const hasBody = one.http.method === 'POST' || one.http.method === 'PUT'
    assert.equal(refs.includes('proof'), needed, one.name)
    assert.equal(refs.includes('approval'), needed, one.name)
    assert.equal('biometric_verification' in properties, needed && hasBody, one.name)
    assert.equal('202' in responses, needed || one.outcome === 'accepted', one.name)
  }
})

test('every input field stands in the path, in the query of a read, or in the body of a write', () => {
  for (const one of all) {
    const { parameters, requestBody } = find(one)
    const schema = requestBody?.content['application/json'].schema
    const name = schema?.$ref?.split('/').at(-1) ?? ''
    const inBody = schema?.properties ?? fieldsOf(named[name])
    const places = [...parameters.flatMap((parameter) => parameter.name ?? []), ...Object.keys(inBody)]
    const fields = places.filter((place) => place !== 'biometric_verification')
    assert.deepEqual(fields.toSorted(), Object.keys(one.input.properties).toSorted(), one.name)
  }
})

test('every response of every operation tells the four rate limit headers', () => {
  const limits = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'X-RateLimit-Type']
  const { responses: shared } = openApiDocument('1.2.3')['components'] as { responses: Json }
  for (const response of all.flatMap((one) => Object.values(find(one).responses))) {
    const { $ref } = response as { $ref?: string }
    const { headers } = ($ref === undefined ? response : shared[$ref.split('/').at(-1) ?? '']) as {
      headers: Json
    }
    for (const name of limits) assert(name in headers, name)
  }
})

test('the AsyncAPI document has every event once, and sends or receives it as the contract says', () => {
  const { operations: events } = asynchronous() as { operations: Record<string, { action: string }> }
  const names = (action: string) =>
    Object.entries(events)
      .flatMap(([name, event]) => (event.action === action ? name : []))
      .toSorted()
  assert.deepEqual(names('send'), keys(connection_events, server_events))
  assert.deepEqual(names('receive'), keys(client_events, Object.fromEntries(operation_events)))
})

test('the AsyncAPI document says what each acknowledgement of a client event holds', () => {
  const { components: parts } = asynchronous() as {
    components: { messages: Record<string, { payload: { oneOf: { properties: Json }[] } }> }
  }
  for (const [event, { answer }] of Object.entries(client_events)) {
    const [body] = parts.messages[`${event.replace(':', '_')}_answer`]?.payload.oneOf ?? []
    assert.deepEqual(body?.properties['data'], referring(answer), event)
  }
})

test('no two named schemas are the same, so that a reference has one meaning', () => {
  const texts = Object.values(named).map((schema) => JSON.stringify(schema))
  assert.equal(new Set(texts).size, texts.length)
})

test('a document gets the schemas that it refers to, through others too, and no more', () => {
  const found = components({ $ref: '#/components/schemas/WorkflowDefinition' })
  assert.deepEqual(Object.keys(found), [
    'AgentNumber',
    'ErrorHandling',
    'RetryPolicy',
    'WorkflowDefinition',
    'WorkflowStep',
    'WorkflowTrigger',
  ])
  assert.deepEqual(components({}), {})
})
