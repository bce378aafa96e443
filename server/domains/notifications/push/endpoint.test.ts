import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../kernel/fault.ts'
import { checkSubscription } from './endpoint.ts'
import { openBrowser } from './rig.ts'

test('a push service is known by the same patterns as any other host, in whatever case they are written', () => {
  const { subscription } = openBrowser('x', 'a.push.example.org')
  for (const pattern of ['a.push.example.org', 'A.Push.Example.org', '*.PUSH.example.org', '*'])
    checkSubscription(subscription, [pattern])
  for (const pattern of ['push.example.org', '*.a.push.example.org', '*push.example.org', ''])
    assert.throws(() => checkSubscription(subscription, [pattern]), Fault, pattern)
})
