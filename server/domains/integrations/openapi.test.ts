import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGitHub } from './github/fixture.ts'

test('a real document of more than 600 operations becomes actions, which are listed and run as they were written', async (t) => {
  const server = await openGitHub(t)
  const { ann, ask } = server
  const made = await server.bring()
  assert.deepEqual(
    [made.operations, made.actions, made.title, made.dry_run],
    [666, 665, 'GitHub REST API', false],
  )
  assert.deepEqual(
    made.warnings.map(({ message }) => message),
    ['repos/upload-release-asset is left out: it has a server of its own'],
  )
  const page = await ask(ann.token, 'integrations.actions', { agent: '20', id: 'github', limit: 500 })
  const { actions: rest, next_cursor } = await ask(ann.token, 'integrations.actions', {
    agent: '20',
    id: 'github',
    limit: 500,
    cursor: page.next_cursor ?? '',
  })
  assert.deepEqual(
    [page.total_count, page.actions.length, rest.length, next_cursor],
    [665, 500, 165, undefined],
  )
  const all = new Map([...page.actions, ...rest].map((one) => [one.name, one]))
  assert.equal(all.size, 665)
  assert.deepEqual(all.get('issues_create')?.phrases, [
    'github issues create [owner {owner}] [repo {repo}] [title {title}]',
    'github create an issue [owner {owner}] [repo {repo}] [title {title}]',
  ])
  assert.deepEqual(
    [all.get('repos_delete')?.effect, all.get('repos_get')?.effect],
    ['destructive', 'network'],
  )
  const { data } = await server.done(20, 'repos_get', { owner: 'octocat', repo: 'hello' })
  assert.deepEqual(data, { operation: 'repos/get', title: 'repos/get', body: null })
  const gone = await server.done(20, 'repos_delete', { owner: 'octocat', repo: 'hello' })
  assert.deepEqual(
    [gone['data'], server.got[1]?.method],
    [{ operation: 'repos/delete', title: 'repos/delete', body: null }, 'DELETE'],
  )
  const issue = { owner: 'octocat', repo: 'hello', title: 'Broken', labels: ['bug'] }
  const { data: created } = await server.done(20, 'issues_create', issue)
  assert.deepEqual(created, {
    operation: 'issues/create',
    title: 'issues/create',
    body: { title: 'Broken', labels: ['bug'] },
  })
})
