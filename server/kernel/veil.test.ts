import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operations } from '../../contract/index.ts'
import { findIssues } from './validate.ts'
import { veilNames } from './veil.ts'

const SECRET = 'sk-live-Zq7RtY2mX4pL9wK3bN6cD1'
const WORD = 'correcthorsebatterystaple'
const store = operations['credentials.store']
const given = { service_name: 'a', credential_type: 'api_key' }
const pathsOf = (schema: object, issues: ReturnType<typeof findIssues>) =>
  veilNames(schema, issues)
    .map(({ path, message }) => `${path} ${message}`)
    .toSorted()

test('a secret that was sent as the name of a field is in nothing that says so', () => {
  const rows: [object, string[]][] = [
    [{ credential_data: { value: 'x', [WORD]: 'y' } }, ['/credential_data/… is not a known field']],
    [
      { credential_data: { value: 'x', additional_fields: { [WORD]: 5, b: 6 } } },
      ['/credential_data/additional_fields/… must be a text'],
    ],
    [{ credential_data: { value: 5 } }, ['/credential_data/value must be a text']],
    [{ credential_data: { value: 'x' }, [SECRET]: 1 }, ['/… is not a known field']],
    [{ credential_data: { value: 'x' }, 'a/b~c': 1 }, ['/a~1b~0c is not a known field']],
    [
      { credential_data: { value: 'x' }, metadata: { [SECRET]: 1, expires: 1 } },
      ['/metadata/expires is not a known field', '/metadata/… is not a known field'],
    ],
  ]
  for (const [more, expected] of rows)
    assert.deepEqual(pathsOf(store.input, findIssues(store.input, { ...given, ...more })), expected)
})

test('what stands in lists and beside secrets keeps its place, and the keys of agents do not keep their names', () => {
  const create = operations['agents.create']
  const config = {
    api_keys: { [WORD]: 5 },
    voice_commands: [{ phrase: 1, action: 'a' }],
    [SECRET]: 1,
    typo: 1,
  }
  assert.deepEqual(pathsOf(create.input, findIssues(create.input, { name: 'x', config })), [
    '/config/api_keys/… must be a text',
    '/config/typo is not a known field',
    '/config/voice_commands/0/phrase must be a text',
    '/config/… is not a known field',
  ])
})
