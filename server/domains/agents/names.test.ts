import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refusal } from './fixture.ts'
import { cleanName, keyOf, likenessTo, numberIn } from './names.ts'

const isLike = (one: string, other: string) => likenessTo(one)(other)
const inWords = (name: string) => {
  try {
    return cleanName(name)
  } catch (error) {
    const { details } = error as { details: { issues: { path: string; message: string }[] } }
    return details.issues.map(({ path, message }) => `${path} ${message}`).join()
  }
}

test('names are compared by what is seen', () => {
  assert.equal(keyOf('  Ｍy\u00A0\u200B Agent '), 'my agent')
  assert.notEqual(keyOf('Cafe'), keyOf('Café'))
  assert.equal(keyOf('Cafe\u0301'), keyOf('CAFÉ'))
  for (const [one, other] of [
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['ﬁle', 'FILE'],
    ['Ⓓata', 'data'],
    ['a\u115Fb', 'ab'],
  ] as const)
    assert.equal(keyOf(one), keyOf(other), one)
})

const mixed = (scripts: string) => `/name mixes ${scripts} letters`

/** What each name looks like, in letters of another script alone. */
const DISGUISED: readonly (readonly [disguise: string, name: string])[] = [
  ['\u0422\u0435\u0445\u0442', 'Text'],
  ['\u0422\u0415\u0425\u0422', 'text'],
  ['\u0501\u0430\u0442\u0430', 'Data'],
  ['\u0425\u0435\u0440\u043E\u0445', 'Xepox'],
  ['\u0405\u0443\u0455\u0442\u0435\u043C', 'System'],
  ['\u03A4\u0395\u03A7\u03A4', 'Text'],
  ['\u039D\u039F\u03A4\u0395', 'Note'],
  ['\u03BF\u03BD\u03B5\u03B7', 'oven'],
  ['\u0388\u039D\u0391', '\u00C9NA'],
  ['\u0251ct', 'act'],
]

test('a name in Cyrillic or Greek letters is taken for the Latin one that it looks like, and no other is', () => {
  for (const [disguise, name] of DISGUISED) {
    assert.equal(isLike(disguise, name), true, name)
    assert.equal(isLike(name, disguise), true, name)
    assert.equal(isLike(disguise, `${name}s`), false, name)
  }
  for (const [one, other] of [
    ['Заметки', 'Zametki'],
    ['Новости', 'Hobocti'],
    ['Почта', 'Noyta'],
    ['Σημειώσεις', 'Enueiwoeic'],
    ['Data', 'Date'],
  ] as const)
    assert.equal(isLike(one, other), false, one)
})

test('names as people write them are taken as they are', () => {
  const names = [
    '日本語ノート',
    '한국어 메모',
    'Заметки',
    'Σημειώσεις',
    'Café №2 ™',
    'Müller & Söhne',
    'Data 日本',
  ]
  const joined = [
    'یادداشت\u200Cها',
    'क्\u200Dष',
    'Home 👩\u200D💻',
    '❤\uFE0F one',
    'No. 1\uFE0F\u20E3',
    'Почта №2',
  ]
  for (const name of [...names, ...joined]) assert.equal(inWords(` ${name} `), name)
})

test('a name that mixes scripts that pass for each other, or hides something, is refused with the reason', () => {
  const hidden = '/name has control or invisible characters'
  for (const [name, expected] of [
    ['D\u0430ta', mixed('Latin and Cyrillic')],
    ['\u03A4ext', mixed('Latin and Greek')],
    ['T\u{1D6FC}sks', mixed('Latin and Greek')],
    ['\uFF34\u0430sks', mixed('Latin and Cyrillic')],
    ['Почта \u0391', mixed('Cyrillic and Greek')],
    ['N\u0585te', mixed('Latin and Armenian')],
    ['\u13A2ext a', mixed('Latin and Cherokee')],
    ...[
      '\u200B',
      '\u200D',
      '\u200E',
      '\u202E',
      '\u2066',
      '\u2060',
      '\u00AD',
      '\u034F',
      '\u115F',
      '\u3164',
    ].map((one) => [`Da${one}ta`, hidden] as const),
    ...['\u2800', '\uFE0F', '\u{E0061}', '\u0007', '\u2028', '\u061C', '1\u200D'].map(
      (one) => [`Da${one}2`, hidden] as const,
    ),
    ['\u202EData', hidden],
    ['!?', '/name needs a letter or digit'],
  ] as const)
    assert.equal(inWords(name), expected, JSON.stringify(name))
})

test('an agent gets no name that looks like another one of its user, whether it is made or renamed', async (context) => {
  const { ask, call, ann, own, bob } = await openServer(context)
  const named = async (name: string) => refusal(await call(ann.token, 'agents.create', { name }))
  const taken = { status: 409, code: 'AGENT_004', details: { field: 'name' } }
  for (const [disguise] of DISGUISED.filter(([, name]) => /^(?:text|data|system)$/i.test(name)))
    assert.deepEqual(await named(disguise), taken, disguise)
  assert.deepEqual(await named('System'), taken)
  await own({ name: '\u0425\u0435\u0440\u043E\u0445' })
  assert.deepEqual(await named('xepox'), taken)
  const { id } = await own({ name: 'Free' })
  const change = await call(ann.token, 'agents.update', { id, name: '\u0422\u0435\u0445\u0442' })
  assert.deepEqual(refusal(change), taken)
  const refused = refusal(await call(ann.token, 'agents.update', { id, name: 'Fr\u0435e' }))
  assert.deepEqual([refused.status, refused.code, refused.details['field']], [422, 'AGENT_004', 'name'])
  assert.equal((await ask(ann.token, 'agents.get', { id })).name, 'Free')
  const { token } = await bob()
  assert.equal((await ask(token, 'agents.create', { name: 'Xepox' })).name, 'Xepox')
})

test('an agent whose name is older than the rule can be changed in everything else', async (context) => {
  const { ask, ann, own, write } = await openServer(context)
  const { id } = await own({ name: 'Old' })
  const name = 'D\u0430ta'
  await write(
    async (tx) =>
      void tx.connection.run('UPDATE agents SET name = ?, name_key = ? WHERE id = ?', [name, name, id]),
  )
  const changed = await ask(ann.token, 'agents.update', { id, name, description: 'Mine.' })
  assert.deepEqual([changed.name, changed.description], [name, 'Mine.'])
})

test('a name that is said like the number of an agent is read as that number, and no other name is', () => {
  for (const [name, number] of [
    ['2', 2],
    ['Agent 2', 2],
    ['the agent number 20', 20],
    ['AGENT  Twelve', 12],
    ['agent twenty-one', 21],
    ['agent No. 7', 7],
    ['#7', 7],
    ['２', 2],
    ['agent thirty', 30],
    ['One', undefined],
    ['agent smith', undefined],
    ['agent twelve two', undefined],
    ['agent twenty twelve', undefined],
    ['2 cats', undefined],
    ['20000', undefined],
    ['Agent', undefined],
  ] as const)
    assert.equal(numberIn(name), number, name)
})

test('an agent is not called by the number of another one, but may be by its own', async (context) => {
  const { call, ask, ann, own } = await openServer(context)
  const { id, agent_number } = await own({ name: 'Mine' })
  for (const name of ['agent 2', '2', 'Agent two', 'agent 999']) {
    const { status, code, details } = refusal(await call(ann.token, 'agents.update', { id, name }))
    assert.deepEqual([status, code, details['field']], [422, 'AGENT_004', 'name'], name)
    assert.equal(refusal(await call(ann.token, 'agents.create', { name })).status, 422, name)
  }
  const called = await ask(ann.token, 'agents.update', { id, name: `Agent ${agent_number}` })
  assert.equal(called.name, `Agent ${agent_number}`)
})
