using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>
/// Feature pyramid network: Lin et al., arXiv:1612.03144, figure 3; the additional levels of RetinaNet are
/// arXiv:1708.02002, section 4. The reference's <c>FPN</c>. Keys: lateral_convs.N.conv, fpn_convs.N.conv.
/// </summary>
public sealed class FeaturePyramid : Neck
{
    private readonly FeaturePyramidOptions _options;
    private readonly ModuleList<ConvModule> _laterals;
    private readonly ModuleList<ConvModule> _outputs;

    /// <param name="options">What it consists of.</param>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    public FeaturePyramid(FeaturePyramidOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        var used = options.InChannels.Take(options.End).Skip(options.StartLevel);
        _laterals = RegisterChild("lateral_convs", new ModuleList<ConvModule>(used.Select(Lateral)));
        _outputs = RegisterChild("fpn_convs", new ModuleList<ConvModule>(Outputs().Concat(Extras())));
    }

    /// <inheritdoc/>
    public override int LevelCount => _options.LevelCount;

    /// <summary>Xavier's uniform rule for kernels, biases 0, norms 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        base.InitWeights(generator);
        foreach (var module in _laterals.Concat(_outputs))
        {
            Initializers.XavierUniform(module.Conv.Weight, generator);
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features)
    {
        if (features.Length != _options.InChannels.Count)
        {
            throw new ArgumentException(
                $"FPN: there must be {_options.InChannels.Count} maps, one per entry of in_channels, got " +
                $"{features.Length}. Make in_channels fit the backbone's out_indices.", nameof(features));
        }

        var maps = _laterals.Select((lateral, i) => lateral.Call(features[i + _options.StartLevel])).ToArray();
        AddTopDown(maps);
        var levels = maps.Select((map, i) => _outputs[i].Call(map)).ToList();
        if (_options.ExtraCount > 0)
        {
            AddExtraLevels(levels, features[_options.End - 1], maps[^1]);
        }

        return [.. levels];
    }

    private static Tensor Sum(Tensor fine, Tensor coarse, bool inPlace)
    {
        if (!inPlace)
        {
            return fine + coarse;
        }

        fine.AddInPlace(coarse);
        return fine;
    }

    // Section 3: the coarser map, resampled, is added to the finer one.
    private void AddTopDown(Tensor[] maps)
    {
        // In place where the backward pass does not need the lateral map itself.
        var inPlace = GradMode.IsEnabled && _options.Activation is null;
        for (var i = maps.Length - 1; i > 0; i--)
        {
            var (lateral, resized) = (maps[i - 1], Resize(maps[i], maps[i - 1]));
            maps[i - 1] = Sum(lateral, resized, inPlace);
            resized.Dispose();
            if (!inPlace)
            {
                lateral.Dispose();
            }
        }
    }

    // To the finer map's size as it is at run time: a traced graph is right at every size.
    private Tensor Resize(Tensor coarse, Tensor fine) => _options.UpsampleFactor is { } factor
        ? Functional.ScaleNearest(coarse, factor)
        : Functional.ResizeNearestLike(coarse, fine);

    private void AddExtraLevels(List<Tensor> levels, Tensor input, Tensor lateral)
    {
        if (_options.ExtraConvs == ExtraConvs.None)
        {
            for (var i = 0; i < _options.ExtraCount; i++)
            {
                levels.Add(Functional.MaxPool2d(levels[^1], [1, 1], [2, 2], [0, 0], [1, 1]));
            }

            return;
        }

        var source = _options.ExtraConvs switch
        {
            ExtraConvs.OnInput => input,
            ExtraConvs.OnLateral => lateral,
            _ => levels[^1],
        };
        levels.Add(_outputs[levels.Count].Call(source));
        while (levels.Count < _options.LevelCount)
        {
            var before = _options.ReluBeforeExtraConvs ? levels[^1].Relu() : levels[^1];
            levels.Add(_outputs[levels.Count].Call(before));
        }
    }

    private ConvModule Lateral(int inChannels) => new(inChannels, _options.OutChannels, new()
    {
        Kernel = 1,
        Norm = _options.NoNormOnLateral ? null : _options.Norm,
        Activation = _options.Activation,
        InPlace = false,
    });

    private IEnumerable<ConvModule> Outputs() =>
        Enumerable.Range(0, _options.UsedCount).Select(_ => Output(_options.OutChannels, stride: 1));

    private IEnumerable<ConvModule> Extras()
    {
        if (_options.ExtraConvs == ExtraConvs.None)
        {
            yield break;
        }

        for (var i = 0; i < _options.ExtraCount; i++)
        {
            var onInput = i == 0 && _options.ExtraConvs == ExtraConvs.OnInput;
            yield return Output(onInput ? _options.InChannels[_options.End - 1] : _options.OutChannels, stride: 2);
        }
    }

    private ConvModule Output(int inChannels, int stride) => new(inChannels, _options.OutChannels, new()
    {
        Kernel = 3,
        Stride = stride,
        Padding = 1,
        Norm = _options.Norm,
        Activation = _options.Activation,
        InPlace = false,
    });
}
