import { Circuit, run, StateVector, mulberry32 } from './src/index.ts';
const r=mulberry32(1);
const time=(n:number,c:Circuit,reps:number)=>{const s=new StateVector(n);let best=1e9;for(let k=0;k<8;k++){const t=performance.now();for(let i=0;i<reps;i++)run(c,s);best=Math.min(best,(performance.now()-t)/reps)}return best};
const one=(n:string,f:(c:Circuit,q:number)=>void,size=4)=>{const c=new Circuit(size);for(let i=0;i<100;i++)f(c,i%size);console.log(n,(time(size,c,2000)*10000).toFixed(0),'ns/gate')};
const c=new Circuit(4); for(let i=0;i<70;i++){const q=i%4; if(i%3==0)c.ry(r.next(),q);else if(i%3==1)c.cx(q,(q+1)%4);else c.rz(r.next(),q);}
console.log('4q 70 gates us',time(4,c,2000)*1000);
one('ry',(c,q)=>c.ry(.3,q));one('cx',(c,q)=>c.cx(q,(q+1)%4));one('rz',(c,q)=>c.rz(.3,q));one('h',(c,q)=>c.h(q));one('t',(c,q)=>c.t(q));one('rxx',(c,q)=>c.rxx(.3,q,(q+1)%4));
one('mry3',(c,q)=>c.multiplexedRy([1,2,3,4,5,6,7,8],[(q+1)%4,(q+2)%4,(q+3)%4],q));
for(const n of [20]){const d=new Circuit(n);for(let q=0;q<n;q++)d.rz(.3,q);console.log(n,'rz layer ms',time(n,d,n>16?1:20));}
