export const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
export const MONTHS =
  'january february march april may june july august september october november december'.split(' ')

/** Days of the week as cron counts them, Monday first. */
export function daysOf(names: string): string {
  const numbers = names.split(' ').map((name) => DAYS.indexOf(name.replace(/s$/u, '')))
  const known = [...new Set(numbers.filter((number) => number >= 0))]
  return known.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).join(',')
}

/** The days from one to another, as a cron field: numbers, as a range may go over the end of the week. */
export function range(from: string, to: string): string {
  const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)]
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, day) => (first + day) % 7).join(',')
}

/** Days of the week without some, as a cron field; without those of a month it says nothing of, it stays as it is. */
export function without(dow: string | undefined, except: string | undefined): string | undefined {
  if (except === undefined) return dow
  const none = listOf(except)
  return listOf(dow ?? '*')
    .filter((day) => !none.includes(day))
    .join(',')
}

function listOf(dow: string): string[] {
  return (dow === '1-5' ? '1,2,3,4,5' : dow.replace('*', '0,1,2,3,4,5,6')).split(',')
}

/** Whether some year has the date. */
export function isDate(dom: string | undefined, month: string | undefined): boolean {
  if (month === undefined || !/^\d+$/u.test(month) || dom === undefined) return true
  return Number(dom) <= new Date(Date.UTC(2024, Number(month), 0)).getUTCDate()
}
