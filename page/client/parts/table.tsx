import type { ComponentChildren } from 'preact';

export type Column = { readonly title: string; readonly isNumber?: boolean; readonly isHidden?: boolean; readonly class?: string };

/** A table with its caption, which is read and not seen. `children` are its `tbody`s. `isHidden`: a column's title is read only. */
export const Table = (props: { caption: string; columns: readonly Column[]; class?: string; children: ComponentChildren }) => (
  <table class={`table ${props.class ?? ''}`}>
    <caption class="visually-hidden">{props.caption}</caption>
    <thead>
      <tr>
        {props.columns.map(({ title, isNumber, isHidden, class: className }) => (
          <th key={title} scope="col" class={[isNumber && 'number', className].filter(Boolean).join(' ') || undefined}>
            {isHidden ? <span class="visually-hidden">{title}</span> : title}
          </th>
        ))}
      </tr>
    </thead>
    {props.children}
  </table>
);
