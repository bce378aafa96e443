import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiFault } from '../sdk/fault.ts'
import { toReport } from './report.ts'

test('what is wrong with a field is told once, and all of the fields are', () => {
  const same = 'Recording 3 is the same as recording 1.'
  for (const [message, issues, line] of [
    [same, [{ path: '/samples', message: same }], same],
    [
      '/order is required, and 1 more.',
      ['order', 'url'].map((name) => ({ path: `/${name}`, message: 'is required' })),
      '/order is required, and 1 more. (order is required; url is required)',
    ],
    ['/url is required.', [{ path: '/url', message: 'is required' }], '/url is required.'],
  ] as const) {
    const told = {
      code: 'GENERAL_001',
      message,
      details: { issues },
      timestamp: '',
      request_id: 'r',
    } as const
    assert.equal(toReport(new ApiFault('voice.train', 400, told)).line, line)
  }
})
