using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>A model of two layers with batch statistics, which learns the brightness of an image from a look at a part of its pixels.</summary>
internal sealed class TinyDetector : Detector
{
    private readonly Conv2d _conv;
    private readonly BatchNorm2d _norm;
    private readonly Conv2d _out;
    private readonly MovingLoss? _loss;

    internal TinyDetector(ulong seed = 7, bool hasMovingLoss = false)
    {
        _loss = hasMovingLoss ? RegisterChild("loss_cls", new MovingLoss()) : null;
        _conv = RegisterChild("conv", new Conv2d(3, 4, new() { Kernel = 3 }));
        _norm = RegisterChild("bn", new BatchNorm2d(4));
        _out = RegisterChild("out", new Conv2d(4, 1, new() { Kernel = 1 }));
        using var generator = new Generator(seed);
        InitWeights(generator);
    }

    public override int ClassCount => 2;

    public override Module PretrainedPart => this;

    public override IReadOnlyList<NetworkPart> Parts => [new() { Name = "dense", Channels = 3, Forward = Forward }];

    /// <summary>Makes a term infinite at the iteration of this number, counted from 0; -1 for never.</summary>
    internal int BreakAt { get; init; } = -1;

    /// <summary>Calls so far.</summary>
    internal int Calls { get; private set; }

    /// <summary>Runs before the losses of a call.</summary>
    internal Action<int>? OnCall { get; init; }

    public override LossTerms ComputeLosses(Batch batch)
    {
        using var scope = TensorScope.Begin();
        OnCall?.Invoke(Calls);
        var map = Forward(Training ? Functional.Dropout(batch.Images, 0.1, Randomness) : batch.Images).Tensors[0];
        var error = map.Mean([1, 2, 3]) - batch.Images.Mean([1, 2, 3]);
        var terms = new LossTerms();
        terms.Add("loss_cls", (error * error).Mean(), map.Abs().Mean() * 0.1);
        terms.Add("loss_bbox", Calls == BreakAt ? error.Abs().Mean() / 0.0 : error.Abs().Mean());
        terms.Add("acc", error.Abs().Max());
        if (_loss is not null)
        {
            terms.Add("loss_moving", _loss.Forward(error, Tensor.ZerosLike(error)));
        }

        Calls++;
        return terms.KeepIn(scope);
    }

    protected override Detections[] Find(Batch batch, bool rescale, IExecutor executor)
    {
        executor.Run(Parts[0], batch.Images);
        return [.. batch.Infos.Select(_ => new Detections(
            Tensor.Zeros([0, 4]), Tensor.Zeros([0]), Tensor.Zeros([0], ScalarType.Int64)))];
    }

    private MapSet Forward(Tensor images) => new(("map", [_out.Call(_norm.Call(_conv.Call(images)).Relu())]));
}
