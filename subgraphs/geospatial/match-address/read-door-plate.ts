import { readNumerals } from './normalise-text.ts';

/** What stands after the divisions. `group` is a village's 社, 组 or 队; numbers are without their 号; null where it is not said. */
export type DoorPlate = Readonly<{
  street: string | null;
  group: string | null;
  number: string | null;
  building: string | null;
  unit: string | null;
  room: string | null;
}>;

const group = /^(.*?)(?:第)?(\d+)(?:村民小组|社|组|队)(.*)$/;
const numberWithSign =
  /^(.*?)(?:第|NO)?((?:[附甲乙丙丁临]?\d+(?:-\d+)*[甲乙丙丁A-Z]?(?:附\d+)?))号(?!楼|栋|幢|座|房|室)(?:院|大院|门牌)?(附\d+)?号?(.*)$/;
const numberAtEnd = /^(\D*?[^\d\-号楼栋幢座元层第])(?:第|(?<=[路街巷道里村])NO)?(\d+)$/;
/** 人民路208-3-2-1804, 人民路208-2单元: what stands before the first hyphen is the plate, unless a 号 says otherwise. */
const numberAndHouse = /^(\D*[路街巷道里村])(?:第|NO)?(\d+)()-(.+)$/;
const numberOnly = /^()(\d+)$/;
const houseOnly = /^(.*?)((?:[A-Z\d]+|[东西南北中])(?:号楼|栋|幢|座|单元).*)$/;

/** Reads a normalised text after its divisions: 东岗西路十二号3栋2单元501 -> street 东岗西路, number 12, building 3, unit 2, room 501. */
export function readDoorPlate(text: string): DoorPlate {
  const [, beforeGroup = '', groupNumber = null, afterGroup = ''] = group.exec(readNumerals(text)) ?? [];
  const plate = groupNumber === null ? readNumerals(text) : afterGroup;
  const found = numberWithSign.exec(plate) ?? numberAtEnd.exec(plate) ?? numberAndHouse.exec(plate) ?? numberOnly.exec(plate);
  if (found) {
    const [, street = '', number = '', annex = '', house = ''] = found;
    return { street: beforeGroup + street || null, group: groupNumber, number: number + annex, ...readHouse(house) };
  }
  const [, street = plate, house = ''] = houseOnly.exec(plate) ?? [];
  return { street: beforeGroup + street || null, group: groupNumber, number: null, ...readHouse(house) };
}

/** Building, unit and room as people write them: 3号楼2单元501室, 3栋501, 3-2-501. */
export function readHouse(text: string): Pick<DoorPlate, 'building' | 'unit' | 'room'> {
  const dashed = /^([A-Z\d]+)(?:号楼|栋|幢|座)?-(?:([A-Z\d]+)(?:单元)?-)?([A-Z\d]+)(?:室|号|房|户)?$/.exec(text);
  if (dashed) return { building: dashed[1] ?? null, unit: dashed[2] ?? null, room: dashed[3] ?? null };
  return {
    building: /([A-Z\d]+|[东西南北中])(?:号楼|栋|幢|座|楼(?=\d+单元))/.exec(text)?.[1] ?? null,
    unit: /([A-Z\d]+|[东西中])单元/.exec(text)?.[1] ?? null,
    room: /(\d+[A-Z]?)(?:室|房|户|号房|号)?$/.exec(text)?.[1] ?? null,
  };
}
