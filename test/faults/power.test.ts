import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DEFECTS } from './broken.ts'
import { buildRecorder } from './recording.ts'
import { cutWorkload } from './workloads.ts'

/** Images among which a planted defect must show; it does in at least every fifth. */
const DEFECT_IMAGES_MAX = 100
const folder = mkdtempSync(join(tmpdir(), 'paios-power-'))
after(() => rmSync(folder, { recursive: true }))
const built = buildRecorder(folder)
const library = 'library' in built ? built.library : ''
const skip = 'missing' in built ? built.missing : false

for (const [workload, images] of [
  ['store', 30],
  ['server', 15],
] as const) {
  test(
    `${images} power cuts of the ${workload} lose nothing acknowledged and leave no halves`,
    { skip },
    async () => {
      const figures = await cutWorkload({ workload, library, folder, seed: 1, images })
      assert.deepEqual(figures.violations, [])
      assert.equal(figures.images, images)
      assert.ok(figures.claims > images, `${figures.claims} claims`)
    },
  )
}

const PLANTED = [
  ...DEFECTS.filter((defect) => defect !== 'none').map((defect) => ['store', defect] as const),
  ...(['late', 'off', 'loose'] as const).map((defect) => ['server', defect] as const),
]
for (const [workload, defect] of PLANTED) {
  test(`power cuts of the ${workload} find the defect "${defect}"`, { skip }, async () => {
    const asked = { workload, defect, library, folder, seed: 2, images: DEFECT_IMAGES_MAX, first: true }
    const { violations } = await cutWorkload(asked)
    assert.match(
      violations[0] ?? 'nothing',
      /lost|key file is not|malformed|integrity|entry|slot|signing in|: \d+, such as/,
    )
  })
}
