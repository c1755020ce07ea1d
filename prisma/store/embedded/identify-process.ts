import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Tells a process from every other that had or will have the same id: when it began, and since which boot of the machine.
 * Null when there is no such process, or only what is left of one that has ended (a zombie).
 */
export function identifyProcess(pid: number): string | null {
  return existsSync('/proc/self/stat') ? identifyInProc(pid) : identifyByPs(pid);
}

function identifyInProc(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // proc(5): the name in parentheses may hold anything; after it come the state (field 3) and the start in ticks (field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  const startTicks = fields[22 - 3];
  if (startTicks === undefined || state === 'Z' || state === 'X') return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${startTicks}`;
}

function identifyByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    // ps fails when there is no such process.
    return null;
  }
}
