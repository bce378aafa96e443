/** Cities that time zones are named after, as they are said. */
export const CITIES = Intl.supportedValuesOf('timeZone')
  .flatMap((zone) => (zone.includes('/') ? [zone.split('/').at(-1) ?? ''] : []))
  .map((city) => city.replaceAll(/[_-]/gu, ' ').toLowerCase())
  .filter((city) => /^[a-z ]{3,}$/u.test(city))
  .join('|')

/** The IANA zone that is named after a city. */
export function zoneOf(city: string): string | undefined {
  const name = `/${city.replaceAll(' ', '_')}`
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(name))
}

const AT_END = /^(?<before>.+?)[\s,]+in (?<city>\p{L}+(?: \p{L}+)?) time$/isu

/** "..., in Sydney time" may come last; of a city that has no zone it says nothing. */
export function cityAtEnd(text: string): { before: string; city: string } | undefined {
  const { before = '', city = '' } = AT_END.exec(text)?.groups ?? {}
  const key = city.toLowerCase()
  return zoneOf(key) === undefined ? undefined : { before, city: key }
}
