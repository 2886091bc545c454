"""GLSL of person, room and shadow.

Materials of the person: tools.truth.mesh.MATERIALS; kinds of the room: tools.truth.room.
"""

PERSON_VERTEX = """#version 330
uniform mat4 vp; in vec3 pos; in vec3 nrm; in vec3 rest; in vec3 col; in vec2 em;
out vec3 n; out vec3 r; out vec3 c; out vec3 p; out float e; flat out int m;
void main(){ gl_Position = vp*vec4(pos,1); n=nrm; r=rest; c=col; p=pos; e=em.x; m=int(em.y+0.5); }"""
NOISE = """
float h3(vec3 p){ p=fract(p*.3183099+.1); p*=17.; return fract(p.x*p.y*p.z*(p.x+p.y+p.z)); }
float noise(vec3 x){ vec3 i=floor(x), f=fract(x); f=f*f*(3.-2.*f);
 return mix(mix(mix(h3(i),h3(i+vec3(1,0,0)),f.x),mix(h3(i+vec3(0,1,0)),h3(i+vec3(1,1,0)),f.x),f.y),
           mix(mix(h3(i+vec3(0,0,1)),h3(i+vec3(1,0,1)),f.x),mix(h3(i+vec3(0,1,1)),h3(i+vec3(1,1,1)),f.x),f.y),f.z); }"""
PERSON_PIXEL = (
    """#version 330
in vec3 n; in vec3 r; in vec3 c; in vec3 p; in float e; flat in int m; out vec4 o;
uniform vec3 eye; uniform vec3 sun; uniform vec3 eyel; uniform vec3 eyer; uniform vec3 brow; uniform float dim;"""
    + NOISE
    + """
void main(){
 if(e<0.) discard;
 vec3 N=normalize(n); vec3 v=normalize(eye-p); if(dot(N,v)<0.) N=-N;
 vec3 b=c; float k=noise(r*24.)*.6+noise(r*80.)*.4; float rough=.25;
 if(m==1){
   float f=noise(vec3(r.x*9.,r.y*5.,r.z*9.)); b*=.72+.5*f+.18*(k-.5);
   float g=noise(r*14.)-.5; N=normalize(N+.35*g*vec3(1.,.6,-1.)); rough=.05; }
 else if(m==2){ b*=.85+.25*k; if(r.y<.004) b*=.75; }
 else if(m==3){ b*=.6+1.1*noise(vec3(r.x*60.,r.y*25.,r.z*60.)); rough=.4; }
 else if(m==4){
   vec3 d=r-(r.z<0.?eyel:eyer); float a=length(d.yz); b=a<.0022?vec3(.02):(a<.0055?vec3(.22,.15,.1):vec3(.85)); }
 else { b*=.93+.14*k;
   for(int i=0;i<2;i++){
     vec3 q=r-(i==0?eyel:eyer); float w=(i==0?-q.z:q.z);
     if(q.x>-.02 && w>-.018 && w<.024 && abs(q.y-.021+ .12*abs(w-.004))<.0032) b=mix(b,brow,.8); } }
 float dl=max(dot(N,sun),0.), d2=max(dot(N,normalize(vec3(-.4,.5,-.6))),0.);
 float amb=.42+.16*N.y; vec3 h=normalize(sun+v);
 vec3 q=b*(amb+.62*dl+.18*d2)+rough*.25*pow(max(dot(N,h),0.),18.)*vec3(1);
 o=vec4(pow(clamp(q*dim,0.,1.),vec3(.85)),1); }"""
)
ROOM_VERTEX = """#version 330
uniform mat4 vp; in vec3 pos; in vec3 nrm; in vec3 col; in vec3 uvt; out vec3 n; out vec3 p; out vec3 c; out vec3 t;
void main(){ gl_Position=vp*vec4(pos,1); n=nrm; p=pos; c=col; t=uvt; }"""
ROOM_PIXEL = """#version 330
in vec3 n; in vec3 p; in vec3 c; in vec3 t; out vec4 o;
uniform sampler2D poster; uniform sampler2D window; uniform sampler2D grain; uniform vec3 sun; uniform float dim;
void main(){ vec3 b=c; int k=int(t.z+.5);
 if(k==1) b=texture(poster,t.xy).rgb; else if(k==2) b=texture(window,t.xy).rgb;
 else if(k==3){ b*=.9+.25*texture(grain,p.xz*1.3).r; }
 else if(k==4){
   vec2 g=fract(p.xz); float l=(g.x<.012||g.y<.012)?.7:1.; b*=l*(.8+.4*texture(grain,p.xz*.9).r); }
 else b*=.88+.24*texture(grain,(abs(n.x)>.5?p.zy:(abs(n.y)>.5?p.xz:p.xy))*.35).r;
 float s=.62+.45*max(dot(n,sun),0.); if(k==1||k==2) s=1.;
 o=vec4(pow(clamp(b*s*dim,0.,1.),vec3(.85)),1); }"""
SHADOW_VERTEX = """#version 330
uniform mat4 vp; uniform vec3 sun; in vec3 pos; in vec2 em; out float e;
void main(){ vec3 q=pos-sun*(pos.y/sun.y); q.y=.003; gl_Position=vp*vec4(q,1); e=em.x; }"""
SHADOW_PIXEL = """#version 330
in float e; out vec4 o; void main(){ if(e<0.) discard; o=vec4(.035,.035,.038,1); }"""
