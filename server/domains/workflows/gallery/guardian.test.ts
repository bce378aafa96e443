import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performAs } from '../../changes/fixture.ts'
import { openGallery } from './rig.ts'

test('a backup that holds is told on Mondays alone', async (t) => {
  const { add, app, fires } = await openGallery(t)
  const id = await add('backup_with_check')
  const monday = await fires(id, '2026-11-23T04:00+01:00')
  assert.equal(monday.status, 'completed', monday.error ?? '')
  const [made] = app.backup.list().filter(({ reason }) => reason === 'asked')
  assert.match(
    monday.told.join('|'),
    new RegExp(
      `^info: The backup ${made?.name} can be restored: all of it is whole, and its audit has \\d+ lines\\.$`,
    ),
  )
  const tuesday = await fires(id, '2026-11-24T04:00+01:00')
  assert.deepEqual([tuesday.status, tuesday.told], ['completed', []])
  assert.equal(app.backup.list().filter(({ reason }) => reason === 'asked').length, 2)
})

test('a backup of damaged data is told at once, as critical, and on any day', async (t) => {
  const { add, app, start } = await openGallery(t)
  const id = await add('backup_with_check')
  await app.kernel.store.write((tx) => {
    tx.connection.exec("UPDATE audit SET outcome = 'forged' WHERE seq = 2")
    return Promise.resolve()
  })
  const { status, told } = await start(id)
  assert.equal(status, 'completed')
  assert.match(
    told.join('|'),
    /^critical: There is no new backup: .*audit: line 2 was changed.+\. Keep a copy of the data folder before you do anything else\.$/,
  )
})

test('an account is told its points and what to do, as severely as its worst finding', async (t) => {
  const { add, fires } = await openGallery(t)
  const { status, told } = await fires(await add('account_check'), '2026-11-23T09:00+01:00')
  assert.deepEqual(
    [status, told],
    [
      'completed',
      [
        'warning: Your account has 85 of 100 points:\n- You have no passkey: whoever learns your password has your account. Enrol a passkey on the page of this server.',
      ],
    ],
  )
})

test('credentials that have expired or will within thirty days are named, and no later ones', async (t) => {
  const { add, app, clock, user_id, fires, start } = await openGallery(t)
  const ann = { user_id, token: '' }
  const store = async (service_name: string, expires_at: string) =>
    performAs({ app, clock, ann }, ann, 'credentials.store', {
      service_name,
      credential_type: 'api_key',
      credential_data: { value: 'a secret that nobody shall read 7' },
      metadata: { expires_at },
    })
  const id = await add('account_check')
  await store('Later', '2027-03-01T12:00:00Z')
  assert.doesNotMatch((await start(id)).told.join(), /Credentials/)
  await store('Mail', '2026-11-22T18:00:00Z')
  await store('Maps', '2026-12-01T12:00:00Z')
  const { status, told, detail } = await fires(id, '2026-11-23T09:00+01:00')
  assert.equal(status, 'completed', detail.error ?? '')
  assert.match(
    told.join('|'),
    /^warning: Your account has \d+ of 100 points.*\nCredentials: Mail has expired; Maps expires on 1 December 2026\.$/s,
  )
})
