import { useEffect, useState } from 'preact/hooks';

/** The browser's time, once a second: of the connection between the browser and the page's server, and of nothing else. */
export const useSeconds = (): number => {
  const [time, setTime] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setTime(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return time;
};
