import { expect, test } from 'vitest';
import { fromSections, toSections } from '../src/snapshot-sections.ts';

const SNAPSHOT = {
  rounds: 3,
  list: [1, 2],
  nothing: null,
  weights: Float64Array.of(0.5, 0.5),
  inner: { name: 'a', rows: Float64Array.of(1), deeper: { rows: Float64Array.of(2) } },
};

test('arrays become sections named by their path, and the rest one section of plain data', () => {
  const sections = toSections('learner', SNAPSHOT);
  expect(sections).toEqual({
    learner: { rounds: 3, list: [1, 2], nothing: null, inner: { name: 'a', deeper: {} } },
    'learner.weights': SNAPSHOT.weights,
    'learner.inner.rows': SNAPSHOT.inner.rows,
    'learner.inner.deeper.rows': SNAPSHOT.inner.deeper.rows,
  });
  expect(fromSections('learner', { ...sections, other: 1 })).toEqual(SNAPSHOT);
});

test('reading changes nothing in the sections', () => {
  const sections = toSections('learner', SNAPSHOT);
  fromSections('learner', sections);
  expect(sections).toEqual(toSections('learner', SNAPSHOT));
});

test('what is missing stays missing, and a section without a place is left out', () => {
  expect(fromSections('learner', {})).toEqual({});
  expect(fromSections('learner', { learner: [1] })).toEqual({});
  const { learner: _, ...arrays } = toSections('learner', SNAPSHOT);
  expect(fromSections('learner', arrays)).toEqual({ weights: SNAPSHOT.weights });
  expect(fromSections('toString', {})).toEqual({});
});

test('no name reaches a prototype', () => {
  const sections = { learner: {}, 'learner.__proto__.rounds': 1, 'learner.constructor.name': 2 };
  fromSections('learner', sections);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.name).toBe('Object');
});
