import type { MachineNode, MachineView } from '../../api.js';
import { layoutMachine, type MachinePicture, type PlacedEdge, type PlacedNode } from './machine-layout.js';
import { notesOf } from './machine-notes.js';
import { useWidth } from './use-width.js';
import '../styles/machine.css';

/** The deployed definition, and the way taken through it: a drawing, and on a narrow screen and for a screen reader an ordered list. */
export const Machine = ({ view, isRollingBack }: { view: MachineView; isRollingBack: boolean }) => {
  const { element, width } = useWidth(1100);
  const picture = layoutMachine(view, width);
  return (
    <div ref={element} class={isRollingBack ? 'machine rolling-back' : 'machine'}>
      <Drawing picture={picture} name={view.name} />
      <States picture={picture} name={view.name} />
    </div>
  );
};

const Drawing = ({ picture: { nodes, edges, left, top, width, height }, name }: { picture: MachinePicture; name: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
  <section class="machine-drawing" tabIndex={0} aria-label={`${name}, a drawing; the list after it says the same`}>
    <svg width={width} height={height} viewBox={`${left} ${top} ${width} ${height}`} aria-hidden="true">
      {[...edges]
        .sort((one, other) => Number(one.taken) - Number(other.taken))
        .map((edge) => (
          <Edge key={`${edge.from} ${edge.to}`} edge={edge} />
        ))}
      {nodes.map((placed) => (
        <Shape key={placed.node.name} placed={placed} />
      ))}
      {nodes.map((placed) => (
        <Label key={placed.node.name} placed={placed} />
      ))}
    </svg>
  </section>
);

const Edge = ({ edge: { path, taken, isSiding, isLoop, arrow } }: { edge: PlacedEdge }) => (
  <g class={`machine-edge ${taken ? 'taken' : 'ahead'} ${isSiding ? 'siding' : isLoop ? 'loop' : ''}`}>
    <path class="way" d={path} />
    {arrow && <path class="arrow" d={arrow} />}
  </g>
);

const Shape = ({ placed: { node, x, y, lane } }: { placed: PlacedNode }) => (
  <g class={`machine-node ${node.state} ${lane > 0 ? 'below' : ''} ${node.type}`} transform={`translate(${x} ${y})`}>
    <title>{[node.name, notesOf(node)].filter(Boolean).join(', ')}</title>
    {node.state === 'active' && <circle class="halo" r="14" />}
    <Form node={node} />
  </g>
);

const Form = ({ node: { type } }: { node: MachineNode }) => {
  switch (type) {
    case 'Choice':
      return <path class="form" d="M0-5.5 5.5 0 0 5.5-5.5 0z" />;
    case 'Succeed':
      return (
        <>
          <circle class="form" r="8" />
          <path class="sign" d="M-3.5.2-1 2.8 3.6-2.4" />
        </>
      );
    case 'Fail':
      return (
        <>
          <circle class="form" r="8" />
          <path class="sign" d="M-2.8-2.8 2.8 2.8M2.8-2.8-2.8 2.8" />
        </>
      );
    default:
      return <circle class="form" r={type === 'Pass' || type === 'Wait' ? 5.5 : 8} />;
  }
};

const Label = ({ placed: { node, x, label } }: { placed: PlacedNode }) =>
  label ? (
    <g class={`machine-label ${node.state}`}>
      <text x={x} y={label.nameY}>
        {label.name}
      </text>
      {label.note && (
        <text class="note" x={x} y={label.noteY}>
          {label.note}
        </text>
      )}
    </g>
  ) : null;

const words: Readonly<Record<MachineNode['state'], string>> = {
  ahead: 'not yet',
  active: 'now',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

/** From the left to the right of the drawing, without the Choices: what is done, and what it takes. */
const States = ({ picture, name }: { picture: MachinePicture; name: string }) => (
  <ol class="machine-list" aria-label={`States of ${name}`}>
    {inOrder(picture).map((node) => (
      <li key={node.name} class={node.state} aria-current={node.state === 'active' ? 'step' : undefined}>
        <span class="machine-bullet" aria-hidden="true" />
        <span>{node.name}</span>
        <span class="visually-hidden">: {words[node.state]}</span>
        <span class="note">{notesOf(node)}</span>
      </li>
    ))}
  </ol>
);

const inOrder = ({ nodes }: MachinePicture): readonly MachineNode[] =>
  nodes
    .filter(({ node }) => node.type !== 'Choice')
    .sort((one, other) => one.x - other.x || one.lane - other.lane)
    .map(({ node }) => node);
