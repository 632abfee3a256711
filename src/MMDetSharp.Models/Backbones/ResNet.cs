using System.Globalization;

using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>
/// Residual network: He et al., arXiv:1512.03385, table 1; the deep stem and averaging shortcuts of ResNet-D are
/// arXiv:1812.01187, section 4. Keys: conv1, bn1 (or stem.*), layer1.0.conv1, ..., layer1.0.downsample.0, ...
/// </summary>
public sealed class ResNet : Backbone
{
    private const int StemStride = 4;

    private readonly ResNetOptions _options;
    private readonly Conv2d? _conv1;
    private readonly Layer? _norm1;
    private readonly DeepStem? _stem;
    private readonly MaxPool2d _pool = new(kernel: 3, stride: 2, padding: 1);
    private readonly Sequential[] _stages;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public ResNet(ResNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var stemChannels = options.StemChannels ?? options.BaseChannels;
        if (options.DeepStem)
        {
            _stem = RegisterChild("stem", new DeepStem(options.InChannels, stemChannels, options.Norm));
        }
        else
        {
            _conv1 = RegisterChild("conv1", new Conv2d(
                options.InChannels, stemChannels, new() { Kernel = 7, Stride = 2, Padding = 3, Bias = false }));
            _norm1 = RegisterChild(options.Norm.Key + "1", options.Norm.Create(stemChannels));
        }

        RegisterChild("maxpool", _pool);
        _stages = BuildStages(stemChannels);
        FreezeStages();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputChannels => [.. _options.OutIndices.Select(StageChannels)];

    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputStrides =>
        [.. _options.OutIndices.Select(index =>
            _options.Strides.Take(index + 1).Aggregate(StemStride, (product, stride) => product * stride))];

    /// <summary>The number of blocks of each stage by depth: table 1.</summary>
    internal static IReadOnlyDictionary<int, int[]> BlockCounts { get; } = new Dictionary<int, int[]>
    {
        [18] = [2, 2, 2, 2],
        [34] = [3, 4, 6, 3],
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
    };

    private bool HasBottlenecks => _options.Depth >= 50;

    private int Expansion => HasBottlenecks ? Bottleneck.Expansion : 1;

    /// <summary>
    /// Switches between training and evaluation; frozen stages, and with <see cref="ResNetOptions.NormEval"/> all batch
    /// norms, stay in evaluation.
    /// </summary>
    public override void Train(bool mode = true)
    {
        base.Train(mode);
        FreezeStages();
        if (_options.NormEval)
        {
            EvalNorms();
        }
    }

    /// <summary>He's normal rule for kernels, norms 1 and 0, with <see cref="ResNetOptions.ZeroInitResidual"/> the last
    /// norm of each block 0 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        if (!_options.ZeroInitResidual)
        {
            return;
        }

        foreach (var block in _stages.SelectMany(stage => stage.Layers).Cast<ResidualBlock>())
        {
            foreach (var parameter in block.LastNorm.NamedParameters())
            {
                Initializers.Constant(parameter.Tensor, 0);
            }
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor images)
    {
        var halved = _stem is null ? ConvNorm.ForwardRelu(_conv1!, _norm1!, images) : _stem.Call(images);
        var current = _pool.Call(halved); // (B, C, H / 4, W / 4)
        halved.Dispose();
        var outputs = new List<Tensor>();
        for (var i = 0; i <= _options.OutIndices.Max(); i++)
        {
            var next = _stages[i].Call(current);
            if (!_options.OutIndices.Contains(i - 1))
            {
                current.Dispose();
            }

            if (_options.OutIndices.Contains(i))
            {
                outputs.Add(next);
            }

            current = next;
        }

        return [.. outputs];
    }

    private int StageChannels(int stage) => (_options.BaseChannels << stage) * Expansion;

    private Sequential[] BuildStages(int stemChannels)
    {
        var stages = new Sequential[_options.StageCount];
        for (var i = 0; i < stages.Length; i++)
        {
            var inChannels = i == 0 ? stemChannels : StageChannels(i - 1);
            var name = string.Create(CultureInfo.InvariantCulture, $"layer{i + 1}");
            stages[i] = RegisterChild(name, new Sequential(BuildStage(i, inChannels)));
        }

        return stages;
    }

    private IEnumerable<Layer> BuildStage(int stage, int inChannels)
    {
        var shape = new BlockShape(
            inChannels, _options.BaseChannels << stage, _options.Strides[stage], _options.Dilations[stage]);
        var outChannels = StageChannels(stage);
        for (var i = 0; i < BlockCounts[_options.Depth][stage]; i++)
        {
            yield return Block(shape, hasShortcut: shape.Stride != 1 || shape.InChannels != outChannels);
            shape = shape with { InChannels = outChannels, Stride = 1 };
        }
    }

    private ResidualBlock Block(BlockShape shape, bool hasShortcut) => HasBottlenecks
        ? new Bottleneck(shape, hasShortcut, _options)
        : new BasicBlock(shape, hasShortcut, _options);

    private void FreezeStages()
    {
        IEnumerable<Module?> stem = _options.FrozenStages >= 0 ? [_stem, _conv1, _norm1] : [];
        var stages = _stages.Take(Math.Max(0, _options.FrozenStages));
        foreach (var module in stem.Concat(stages).OfType<Module>())
        {
            module.Eval();
            module.RequireGradients(false);
        }
    }
}
