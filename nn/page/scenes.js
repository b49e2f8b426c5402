// Scenes: what is on the stage, and two sentences of what to look for. Their weights are drawn from seeds.

const repeated = (count, item) => Array.from({ length: count }, () => item);
const scaled = (net, factor, from = 0) => {
  net.layers.slice(from).forEach((layer) => layer.W.forEach((row) => row.forEach((w, k) => (row[k] = w * factor))));
  return net;
};
const filled = (net, number) => {
  net.layers.forEach((layer) => layer.W.forEach((row) => row.fill(number)));
  return net;
};
const withBias = (net, l, j, b) => ((net.layers[l - 1].b[j] = b), net);
const tall = (f) => drawn([2, ...repeated(6, 4), 1], [...repeated(6, f), "identity"], "mse", 4);

const SCENES = {
  own: {
    title: "the net of this page",
    look: "Step through it, and choose any weight. The stage shows only what is known at that step.",
    make: () => ({ net: structuredClone(content.net), sample: content.sample, rate: content.rate, chosen: middleWeight(content.net) }),
  },
  hand: {
    title: "one gradient by hand",
    look: "The gradient of a weight has three factors: what is asked for behind it, how steep its neuron is, and what went in. Find each of them on the stage.",
    make: () => ({ net: structuredClone(content.net), sample: content.sample, chosen: middleWeight(content.net) }),
  },
  saturated: {
    title: "a saturated sigmoid",
    look: "The first neuron gets a z near 8, where σ is flat: f′(z) is next to 0, and so is every gradient before it. Move its bias towards 0 and see the gradients return.",
    make: () => ({ net: withBias(drawn([2, 2, 1], ["sigmoid", "identity"], "mse", 1), 1, 0, 8), data: "xor", chosen: "n,2,1" }),
  },
  dead: {
    title: "a dead ReLU",
    look: "The first neuron has z < 0 for every sample: it sends 0 on and lets no gradient through, so its weights never move. Raise its bias above 0 to revive it.",
    make: () => ({ net: withBias(drawn([2, 3, 1], ["relu", "identity"], "mse", 3), 1, 0, -6), data: "xor", chosen: "n,2,1" }),
  },
  vanishing: {
    title: "vanishing: six layers of sigmoid",
    look: "σ′ is at most ¼, so each layer leaves at most a quarter of the gradient. Look at |δ| per layer, then at the same net with ReLU.",
    make: () => ({ net: tall("sigmoid"), data: "moons" }),
  },
  relu: {
    title: "the same six layers with ReLU",
    look: "With ReLU and He's weights |δ| stays of one size through all layers. Some neurons are dead for this sample: they are dashed.",
    make: () => ({ net: tall("relu"), data: "moons" }),
  },
  xor_bad: {
    title: "XOR from a bad start",
    look: "With all weights near 0 the two hidden neurons begin alike, and the cost stays at ¼ for long. Run it, then try the good start.",
    make: () => ({ net: scaled(drawn([2, 2, 1], ["tanh", "identity"], "mse", 9), 0.01), data: "xor", rate: 0.1 }),
  },
  xor_good: {
    title: "XOR from a good start",
    look: "Larger weights that differ let the neurons divide the work. Run it and watch the plane fold.",
    make: () => ({ net: drawn([2, 3, 1], ["tanh", "identity"], "mse", 5), data: "xor", rate: 0.2 }),
  },
  large: {
    title: "too large an ε",
    look: "Each step goes down the slope, but so far that it lands higher up on the other side. Make ε smaller until the cost falls.",
    make: () => ({ net: drawn([2, 4, 1], ["tanh", "identity"], "mse", 2), data: "moons", rate: 4 }),
  },
  equal: {
    title: "why equal weights never part",
    look: "All weights are ½, so all hidden neurons compute the same and get the same gradient. They stay one neuron, however long it runs.",
    make: () => ({ net: filled(drawn([2, 3, 1], ["tanh", "identity"], "mse", 1), 0.5), data: "xor" }),
  },
};

/** The weight that the article takes apart, or one like it. */
function middleWeight(net) {
  const l = Math.min(2, net.layers.length);
  const { W } = net.layers[l - 1];
  return `w,${l},${Math.min(2, W.length)},${Math.min(2, W[0].length)}`;
}
