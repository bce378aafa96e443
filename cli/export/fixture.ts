import { readFileSync } from 'node:fs'
import { pack, unpack } from '../../server/kernel/backup/tar.ts'

/** What the files of an archive hold, by their names. */
export async function filesOf(path: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  async function* bytes(): AsyncGenerator<Buffer> {
    yield readFileSync(path)
  }
  await unpack(bytes(), async (name, _bytes, content) => {
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part)
    files[name] = Buffer.concat(parts).toString()
  })
  return files
}

/** An archive as an export is one. */
export async function archive(files: Record<string, string>): Promise<Buffer> {
  const entries = Object.entries(files).map(([path, text]) => {
    const content = Buffer.from(text)
    return { path, bytes: content.length, content: [content] }
  })
  const parts: Buffer[] = []
  for await (const part of pack(entries, 0)) parts.push(part)
  return Buffer.concat(parts)
}
